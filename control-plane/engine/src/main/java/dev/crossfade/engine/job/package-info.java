/**
 * What becomes of a job when somebody pauses, resumes or cancels it. Pure; called by the server.
 */
@NullMarked
package dev.crossfade.engine.job;

import org.jspecify.annotations.NullMarked;

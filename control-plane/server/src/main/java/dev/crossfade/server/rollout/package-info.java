/**
 * Rollouts at work: one control plane, the leader, asks {@code engine.rollout} what is next and
 * does it. Services of {@code server.grpc} only write what people want.
 */
@NullMarked
package dev.crossfade.server.rollout;

import org.jspecify.annotations.NullMarked;

package dev.crossfade.server.console.page;

import dev.crossfade.server.console.calls.Calls;
import dev.crossfade.server.console.calls.Identity;

/** Who looks at a page, and calls in his name. */
public record Viewer(Calls calls, Identity identity) {}

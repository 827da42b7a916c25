package dev.crossfade.server.move;

import dev.crossfade.server.store.SidecarRow;
import dev.crossfade.server.store.StoreException;
import java.util.Collection;

/** The sidecars of all control planes. */
@FunctionalInterface
public interface Followers {
  Collection<SidecarRow> list() throws StoreException;
}

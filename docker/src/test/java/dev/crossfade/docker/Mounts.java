package dev.crossfade.docker;

import com.github.dockerjava.api.model.AccessMode;
import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.HostConfig;
import com.github.dockerjava.api.model.Volume;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.testcontainers.containers.GenericContainer;

/**
 * Files of this machine in containers. Said to the engine itself: Testcontainers' own way tries
 * first whether the engine can, with an image that it fetches, for two minutes where it cannot.
 */
final class Mounts {
  private Mounts() {}

  /** Shows a file or folder to a container, which cannot change it. */
  static <C extends GenericContainer<?>> C readOnly(C container, Path source, String target) {
    container.withCreateContainerCmdModifier(
        command -> {
          HostConfig host = command.getHostConfig();
          if (host != null) {
            List<Bind> binds = new ArrayList<>();
            if (host.getBinds() != null) {
              binds.addAll(Arrays.asList(host.getBinds()));
            }
            binds.add(new Bind(source.toString(), new Volume(target), AccessMode.ro));
            host.withBinds(binds);
          }
        });
    return container;
  }
}

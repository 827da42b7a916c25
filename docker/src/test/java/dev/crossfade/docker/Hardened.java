package dev.crossfade.docker;

import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.HostConfig;
import java.util.List;
import org.testcontainers.containers.GenericContainer;

/**
 * A container with as little as clusters give under the restricted profile: nothing of its image
 * can be written, and nothing is allowed that any process is not.
 */
final class Hardened extends GenericContainer<Hardened> {
  Hardened(String image) {
    super(image);
    withCreateContainerCmdModifier(
        command -> {
          HostConfig host = command.getHostConfig();
          if (host != null) {
            host.withReadonlyRootfs(true)
                .withCapDrop(Capability.ALL)
                .withSecurityOpts(List.of("no-new-privileges"));
          }
        });
  }

  /** As many processors, and so much memory in all, and no swap. */
  Hardened within(double processors, int mebibytes) {
    return withCreateContainerCmdModifier(
        command -> {
          HostConfig host = command.getHostConfig();
          if (host != null) {
            long bytes = (long) mebibytes << 20;
            host.withNanoCPUs(Math.round(processors * 1e9)).withMemory(bytes).withMemorySwap(bytes);
          }
        });
  }
}

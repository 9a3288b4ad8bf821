package org.nethserver.events.agent.command;

import java.lang.module.ModuleDescriptor;
import picocli.CommandLine.IVersionProvider;

/** The version that the build wrote into the module. */
final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    ModuleDescriptor descriptor = Version.class.getModule().getDescriptor();
    String version = descriptor == null ? "unknown" : descriptor.rawVersion().orElse("unknown");
    return new String[] {"events " + version};
  }
}

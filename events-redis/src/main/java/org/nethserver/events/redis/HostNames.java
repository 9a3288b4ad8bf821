package org.nethserver.events.redis;

import io.netty.resolver.AddressResolver;
import io.netty.resolver.AddressResolverGroup;
import io.netty.resolver.InetNameResolver;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Promise;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/**
 * Looks host names up with the system's resolver, each on a thread of its own: that call blocks for
 * as long as the name servers are silent, and the event loop must answer the watchdog meanwhile.
 * Literal addresses need no thread.
 */
final class HostNames extends AddressResolverGroup<InetSocketAddress> {
  private final AddressResolver<InetSocketAddress> resolver;

  HostNames(EventExecutor loop, Duration limit) {
    resolver = new Resolver(loop, limit).asAddressResolver();
  }

  /**
   * Returns the one resolver. Netty's own way ties a resolver to the end of the event loop, which
   * wakes its global executor, whose thread is no daemon and holds the process up for a second.
   */
  @Override
  public AddressResolver<InetSocketAddress> getResolver(EventExecutor executor) {
    return resolver;
  }

  @Override
  protected AddressResolver<InetSocketAddress> newResolver(EventExecutor executor) {
    return resolver;
  }

  private static final class Resolver extends InetNameResolver {
    private final Duration limit;

    Resolver(EventExecutor executor, Duration limit) {
      super(executor);
      this.limit = limit;
    }

    @Override
    protected void doResolve(String host, Promise<InetAddress> promise) throws Exception {
      byte[] literal = NetUtil.createByteArrayFromIpAddressString(host);
      if (literal != null) {
        promise.setSuccess(InetAddress.getByAddress(host, literal));
        return;
      }
      // A platform thread: a virtual one would hold its carrier during the lookup.
      Thread.ofPlatform().daemon().name("redis-lookup").start(() -> lookUp(host, promise));
      executor()
          .schedule(
              () -> promise.tryFailure(new UnknownHostException("no answer from the name server")),
              limit.toNanos(),
              TimeUnit.NANOSECONDS);
    }

    private void lookUp(String host, Promise<InetAddress> promise) {
      try {
        InetAddress found = InetAddress.getByName(host);
        end(() -> promise.trySuccess(found));
      } catch (Throwable e) {
        // Throwable: whatever happens here, the promise must end, or the attempt never does.
        end(() -> promise.tryFailure(e));
      }
    }

    /** Ends a promise on the event loop, unless that has ended before: then nobody waits. */
    private void end(Runnable task) {
      try {
        executor().execute(task);
      } catch (RejectedExecutionException e) {
        // Closed during the lookup.
      }
    }

    @Override
    protected void doResolveAll(String host, Promise<List<InetAddress>> promise) throws Exception {
      Promise<InetAddress> one = executor().newPromise();
      one.addListener(
          end -> {
            if (end.isSuccess()) {
              promise.trySuccess(List.of(one.getNow()));
            } else {
              promise.tryFailure(end.cause());
            }
          });
      doResolve(host, one);
    }
  }
}

package org.nethserver.events.exec;

/** Writes the rest of a large payload as the step reads it. Loop thread only, but for begin. */
final class InputPipe implements Watched {
  private final ProcessLoop loop;
  private final Object owner;
  private final PayloadWriter payload;
  private final long token;
  private boolean closed;

  InputPipe(ProcessLoop loop, Object owner, PayloadWriter payload) {
    this.loop = loop;
    this.owner = owner;
    this.payload = payload;
    this.token = loop.newToken();
  }

  /** Begins to write; returns 0 or the negated error. */
  int begin() {
    return loop.watch(payload.fd(), Epoll.OUT, token, this);
  }

  @Override
  public Object owner() {
    return owner;
  }

  @Override
  public void ready(int events) {
    if (payload.write(loop.buffer())) {
      drop();
    }
  }

  @Override
  public void drop() {
    if (!closed) {
      closed = true;
      loop.release(payload.fd(), token);
    }
  }
}

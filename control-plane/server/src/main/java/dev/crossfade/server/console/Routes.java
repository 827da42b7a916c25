package dev.crossfade.server.console;

import dev.crossfade.server.console.action.Action;
import dev.crossfade.server.console.action.Actions;
import dev.crossfade.server.console.action.Form;
import dev.crossfade.server.console.action.Form.InvalidException;
import dev.crossfade.server.console.calls.Refusal;
import dev.crossfade.server.console.http.Assets;
import dev.crossfade.server.console.http.Guard;
import dev.crossfade.server.console.http.Peer;
import dev.crossfade.server.console.http.Visitor;
import dev.crossfade.server.console.http.Visitors;
import dev.crossfade.server.console.live.LivePages;
import dev.crossfade.server.console.page.Page;
import dev.crossfade.server.console.page.Pages;
import dev.crossfade.server.console.page.Viewer;
import io.grpc.StatusRuntimeException;
import io.vertx.core.Context;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.net.InetAddress;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which request is answered by what. Runs on the event loop, which only takes requests and gives
 * answers; what may wait is done on virtual threads, so many at once.
 *
 * <pre>
 * GET  /healthz                         whether the catalog can be read
 * GET  /assets/HASH/NAME                for ever
 * GET  /login, POST /login, /logout
 * GET  /, /migrations/N, /jobs, ...     {@link Pages}
 * GET  /live/...                        the same, as they change
 * GET  /migrations/N/stage, ...         {@link Actions}: what would happen
 * POST /migrations/N/stage, ...         does it
 * </pre>
 */
final class Routes {
  /** Requests at work. */
  static final int WORK_MAX = 48;

  static final int BODY_MAX_BYTES = 16 << 10;

  /** Of forms that carry a file, whose characters may take three bytes each on the way. */
  static final int FILE_MAX_BYTES = 3 * Form.FILE_MAX_CHARS + BODY_MAX_BYTES;

  /** Such forms on their way, for they are kept in memory. */
  static final int FILES_MAX = 8;

  private static final Logger LOG = LoggerFactory.getLogger(Routes.class);
  private static final String LIVE = "/live";

  private final Rooms rooms;
  private final Pages pages;
  private final Guard guard;
  private final boolean tls;
  private final Semaphore room = new Semaphore(WORK_MAX);
  private final Semaphore files = new Semaphore(FILES_MAX);
  private final BodyHandler usualBody = BodyHandler.create(false).setBodyLimit(BODY_MAX_BYTES);
  private final BodyHandler fileBody = BodyHandler.create(false).setBodyLimit(FILE_MAX_BYTES);
  private final Executor threads = task -> Thread.ofVirtual().name("console").start(task);

  /** What requests are led to. */
  record Rooms(Desk desk, Visitors visitors, LivePages live, Assets assets) {}

  /** What takes its time. */
  private interface Work {
    Answer answer() throws InvalidException;
  }

  Routes(Rooms rooms, Pages pages, Guard guard, boolean tls) {
    this.rooms = rooms;
    this.pages = pages;
    this.guard = guard;
    this.tls = tls;
  }

  Router router(Vertx vertx) {
    Router router = Router.router(vertx);
    router.route().handler(this::admit);
    router.get("/healthz").handler(this::health);
    router.get("/assets/*").handler(this::asset);
    router.get("/login").handler(this::loginForm);
    router.get("/live").handler(this::live);
    router.get("/live/*").handler(this::live);
    router.get().handler(this::show);
    router.post().handler(this::ownForm);
    router.post().handler(this::body);
    router.post().handler(this::post);
    for (int status : new int[] {400, 404, 405, 413, 414, 431}) {
      router.errorHandler(status, context -> send(context, problem(context, status, "")));
    }
    router.errorHandler(500, this::failed);
    return router;
  }

  private void admit(RoutingContext context) {
    guard.protect(context.response());
    Optional<String> misdirected = guard.misdirected(context.request());
    if (misdirected.isPresent()) {
      send(context, problem(context, 421, misdirected.get()));
    } else {
      context.next();
    }
  }

  private void ownForm(RoutingContext context) {
    Optional<String> foreign = Guard.foreign(context.request());
    if (foreign.isPresent()) {
      send(context, problem(context, 403, foreign.get()));
    } else {
      context.next();
    }
  }

  private void body(RoutingContext context) {
    if (!Actions.at(path(context)).map(Action::takesFile).orElse(false)) {
      usualBody.handle(context);
    } else if (files.tryAcquire()) {
      context.addEndHandler(ended -> files.release());
      fileBody.handle(context);
    } else {
      send(context, problem(context, 503, "as many files are on their way as may be at once"));
    }
  }

  private Cookies cookies(RoutingContext context) {
    return new Cookies(context.request().localAddress().port(), tls);
  }

  private static String path(RoutingContext context) {
    return Optional.ofNullable(context.request().path()).orElse("");
  }

  private Visitor visitor(RoutingContext context) {
    return rooms.visitors().of(cookies(context).visitor(context.request()), peer(context));
  }

  private static Peer peer(RoutingContext context) {
    HttpServerRequest request = context.request();
    return new Peer(
        InetAddress.ofLiteral(request.remoteAddress().hostAddress()),
        certificate(request.connection()));
  }

  private static @Nullable X509Certificate certificate(HttpConnection connection) {
    if (!connection.isSsl()) {
      return null;
    }
    try {
      List<Certificate> shown = connection.peerCertificates();
      return !shown.isEmpty() && shown.getFirst() instanceof X509Certificate own ? own : null;
    } catch (SSLPeerUnverifiedException e) {
      // It has shown none.
      return null;
    }
  }

  private void health(RoutingContext context) {
    work(
        context,
        () -> {
          rooms.desk().health();
          return Answer.plain("ok\n");
        });
  }

  private void asset(RoutingContext context) {
    Optional<Assets.Asset> asset = rooms.assets().at(context.request().path());
    if (asset.isEmpty()) {
      context.fail(404);
      return;
    }
    context
        .response()
        .putHeader("Content-Type", asset.get().type())
        .putHeader("Cache-Control", "public, max-age=31536000, immutable")
        .end(asset.get().content());
  }

  private void loginForm(RoutingContext context) {
    Visitor visitor = visitor(context);
    String next = Optional.ofNullable(context.request().getParam("next")).orElse("/");
    send(context, rooms.desk().loginForm(visitor, next).as(visitor));
  }

  private void show(RoutingContext context) {
    String path = path(context);
    Visitor visitor = visitor(context);
    Optional<Page> page = pages.at(path);
    Optional<Action> action = Actions.at(path);
    if (page.isPresent()) {
      String told = cookies(context).takeTold(context.request(), context.response());
      work(context, () -> rooms.desk().page(page.get(), visitor, told).as(visitor));
    } else if (action.isPresent()) {
      Form form = form(context.request().params());
      work(context, () -> rooms.desk().confirmation(action.get(), visitor, form).as(visitor));
    } else {
      context.fail(404);
    }
  }

  private void live(RoutingContext context) {
    String path = path(context).substring(LIVE.length());
    Optional<Page> page = pages.at(path.isEmpty() ? "/" : path);
    Visitor visitor = visitor(context);
    if (page.isEmpty()) {
      context.fail(404);
    } else if (!rooms.live().reserve()) {
      String busy =
          "as many windows are kept up to date as there may be ("
              + LivePages.STREAMS_MAX
              + "): close some, or reload this one now and then";
      send(context, problem(context, 503, busy));
    } else {
      join(context, page.get(), visitor);
    }
  }

  private void join(RoutingContext context, Page page, Visitor visitor) {
    Context loop = context.vertx().getOrCreateContext();
    threads.execute(
        () -> {
          try {
            Viewer viewer = rooms.desk().viewer(visitor);
            loop.runOnContext(now -> join(context, page, visitor, viewer, loop));
          } catch (StatusRuntimeException e) {
            rooms.live().giveBack();
            Refusal refusal = Refusal.of(e);
            loop.runOnContext(
                now -> send(context, problem(context, refusal.httpStatus(), refusal.sentence())));
          }
        });
  }

  private void join(
      RoutingContext context, Page page, Visitor visitor, Viewer viewer, Context loop) {
    if (context.response().closed()) {
      rooms.live().giveBack();
      return;
    }
    rooms.live().join(visitor.caller(), page, viewer, loop, context.response());
  }

  private void post(RoutingContext context) {
    String path = path(context);
    Visitor visitor = visitor(context);
    MultiMap fields = context.request().formAttributes();
    Optional<Action> action = Actions.at(path);
    if (!Visitors.isOwnForm(visitor, fields.get("csrf"))) {
      send(
          context,
          problem(
              context,
              403,
              "this form is not, or no longer, one that was made for you: open its page again"));
    } else if (path.equals("/login")) {
      String token = Optional.ofNullable(fields.get("token")).orElse("").trim();
      String next = Optional.ofNullable(fields.get("next")).orElse("/");
      work(context, () -> rooms.desk().login(visitor, token, next));
    } else if (path.equals("/logout")) {
      rooms.visitors().logout(visitor);
      rooms.live().end(visitor.id());
      send(context, Answer.seeOther("/login").as(rooms.visitors().of(null, peer(context))));
    } else if (action.isPresent()) {
      Form form = form(fields);
      work(context, () -> rooms.desk().performance(action.get(), visitor, form).as(visitor));
    } else {
      context.fail(404);
    }
  }

  private static Form form(MultiMap fields) {
    Map<String, String> values = new HashMap<>();
    fields.forEach(entry -> values.putIfAbsent(entry.getKey(), entry.getValue()));
    return new Form(values);
  }

  /** Does something on a thread that may wait, and sends what came of it. */
  private void work(RoutingContext context, Work work) {
    if (!room.tryAcquire()) {
      String busy = "the console already answers " + WORK_MAX + " requests: try again in a moment";
      send(context, problem(context, 503, busy));
      return;
    }
    Context loop = context.vertx().getOrCreateContext();
    Visitor visitor = visitor(context);
    String path = path(context);
    boolean get = context.request().method().name().equals("GET");
    threads.execute(
        () -> {
          Answer answer;
          try {
            answer = answer(work, visitor, get ? path : "/");
          } finally {
            room.release();
          }
          loop.runOnContext(now -> send(context, answer));
        });
  }

  private Answer answer(Work work, Visitor visitor, String path) {
    try {
      return work.answer();
    } catch (InvalidException e) {
      return rooms.desk().problem(visitor, 400, String.valueOf(e.getMessage()));
    } catch (StatusRuntimeException e) {
      Refusal refusal = Refusal.of(e);
      return refusal.wantsLogin()
          ? Answer.seeOther("/login?next=" + Desk.ownPath(path)).as(visitor)
          : rooms.desk().problem(visitor, refusal.httpStatus(), refusal.sentence());
    } catch (RuntimeException e) {
      LOG.atError().setCause(e).addKeyValue("path", path).log("A page of the console failed");
      return rooms.desk().problem(visitor, 500, "the console failed; its log says why");
    }
  }

  private Answer problem(RoutingContext context, int status, String sentence) {
    return rooms
        .desk()
        .problem(visitor(context), status, sentence.isEmpty() ? sentence(status) : sentence);
  }

  private static String sentence(int status) {
    return switch (status) {
      case 404 -> "nothing is served there";
      case 405 -> "only GET and POST are answered";
      case 413 ->
          "a form may have " + BODY_MAX_BYTES + " bytes at most, one with a file " + FILE_MAX_BYTES;
      case 414, 431 -> "the request's address or headers are too long";
      default -> "the request is not understood";
    };
  }

  private void failed(RoutingContext context) {
    @Nullable Throwable cause = context.failure();
    LOG.atError()
        .setCause(cause)
        .addKeyValue("path", context.request().path())
        .log("A request to the console failed");
    send(context, problem(context, 500, "the console failed; its log says why"));
  }

  private void send(RoutingContext context, Answer answer) {
    HttpServerResponse response = context.response();
    if (response.ended() || response.closed()) {
      return;
    }
    response.setStatusCode(answer.status());
    Cookies cookies = cookies(context);
    if (answer.visitor() != null) {
      cookies.setVisitor(response, answer.visitor().id());
    }
    if (answer.told() != null) {
      cookies.setTold(response, answer.told());
    }
    if (answer.location() != null) {
      response.putHeader("Location", answer.location()).end();
    } else {
      response.putHeader("Content-Type", answer.type() + "; charset=utf-8").end(answer.text());
    }
  }
}

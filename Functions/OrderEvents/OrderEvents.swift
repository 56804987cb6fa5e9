import FunctionKit
import Postgres
import Shop

/// Tells what becomes of an order while it happens, as server-sent events: those after `Last-Event-ID` first, or all.
/// The stream ends with the order, when it is delivered or cancelled; who asks again then is told by 204 to stop.
@main struct OrderEvents: StreamingFunction {
    struct Input: Decodable, Sendable {
        var id: Int
    }

    let database: PostgresPool

    init(_ startup: Startup) async throws {
        database = try await PostgresPool(startup)
    }

    func handle(_ input: Input, _ context: Context) async throws -> EventStream {
        let last = try Self.lastEvent(context.headers)
        let feed = try await feed(of: input.id, for: Visibility(context.caller), after: last, logger: context.logger)
        if feed.isDone, feed.first.isEmpty { return .finished }
        return EventStream { events in
            for try await event in feed {
                try await events.send(json: event, event: event.status.rawValue, id: String(event.id))
            }
        }
    }

    /// The events after that one; all of them where the order has not come to it. Throws 404 when there is no such order, or
    /// it is not visible.
    func feed(
        of order: Int, for visibility: Visibility = .all, after last: Int, pause: Duration = .milliseconds(500),
        logger: FunctionLogger? = nil
    ) async throws -> OrderFeed {
        // The status before the events: a last one has then been written before they are read.
        let standing = try await database.queryOne(
            EventQueries.standing(of: order), as: EventQueries.Standing.self)
        guard let standing, visibility.includes(standing.userId) else { throw APIError.notFound("order") }
        // An id from the future is none that was ever sent (another database's, or made up): the order from its beginning,
        // for after it there would be nothing until that many events have been.
        let last = last > standing.newest ? 0 : last
        let events = try await database.query(EventQueries.events(of: order, after: last), as: OrderEvent.self)
        return OrderFeed(
            database: database, order: order, pause: pause, first: events, last: last, isDone: standing.status.isFinal,
            logger: logger)
    }

    /// The event that the client saw last; 0 where it says nothing.
    static func lastEvent(_ headers: HeaderList) throws(APIError) -> Int {
        guard let text = headers["last-event-id"], !text.isEmpty else { return 0 }
        guard let id = Int(text), id >= 0 else {
            throw .invalid("Last-Event-ID", in: "header", "Last-Event-ID must be the id of an event")
        }
        return id
    }
}

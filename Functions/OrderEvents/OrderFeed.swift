import FunctionKit
import Postgres
import Shop

/// The events of one order after a given one, as they come, until nothing can come any more.
///
/// It asks the table again and again: a look-up by index each time, and no connection is held between. An event is
/// seen within `pause` of its commit, and none is passed over, for those of one order are committed in the order of
/// their ids.
struct OrderFeed: AsyncSequence, Sendable {
    /// How many events are fetched at a time.
    static let batch = 100

    let database: PostgresPool
    let order: Int
    /// How long it waits between two questions.
    let pause: Duration
    /// What was there at the beginning.
    let first: [OrderEvent]
    /// The event after which to begin; 0 for all.
    let last: Int
    /// Whether the order was done at the beginning, so that no events follow those that are there.
    let isDone: Bool
    /// Told when the database is away.
    let logger: FunctionLogger?

    func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(feed: self, events: first[...], last: last, isDone: isDone)
    }

    /// How long a database that is away is waited for: a browser that is answered anything but 200 asks no more.
    static let patience = Duration.seconds(30)

    /// What came after an event. A database that is restarted meanwhile is asked again.
    private func news(after last: Int) async throws -> [EventQueries.News] {
        let end = ContinuousClock.now + Self.patience
        var isTold = false
        while true {
            do {
                return try await database.query(EventQueries.news(of: order, after: last), as: EventQueries.News.self)
            } catch let error as PostgresError {
                guard error.kind == .connection || error.kind == .poolTimeout, ContinuousClock.now < end else {
                    throw error
                }
                if !isTold {
                    logger?.warning("the database is away; events are asked for again", ["cause": "\(error)"])
                }
                isTold = true
                try await Task.sleep(for: Swift.max(pause, .milliseconds(500)))
            }
        }
    }

    struct AsyncIterator: AsyncIteratorProtocol {
        let feed: OrderFeed
        fileprivate(set) var events: ArraySlice<OrderEvent>
        fileprivate(set) var last: Int
        fileprivate(set) var isDone: Bool

        /// The next event; nil after the one that the order ended with, and when the order is gone. Throws when the
        /// database could not be asked for `patience`, and when the task is cancelled.
        mutating func next() async throws -> OrderEvent? {
            while true {
                if let event = events.popFirst() {
                    last = event.id
                    isDone = isDone || event.status.isFinal
                    return event
                }
                let news = try await feed.news(after: last)
                events = news.compactMap(\.event)[...]
                if !events.isEmpty { continue }
                if isDone || news.isEmpty { return nil }
                try await Task.sleep(for: feed.pause)
            }
        }
    }
}

/// The lines of a streamed body as text, without their ends (LF or CR LF); an empty last one is none.
public struct BodyLines: AsyncSequence, Sendable {
    /// A line.
    public typealias Element = String

    let body: BodyStream
    let limit: Int

    /// Begins to read the body.
    public func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(parts: body.makeAsyncIterator(), limit: limit)
    }

    /// Reads the body line by line.
    public struct AsyncIterator: AsyncIteratorProtocol {
        var parts: BodyStream.AsyncIterator
        let limit: Int
        private var held: [UInt8] = []
        private var start = 0
        /// Up to where `held` is known to have no line's end.
        private var searched = 0
        private var isOver = false

        init(parts: BodyStream.AsyncIterator, limit: Int) {
            self.parts = parts
            self.limit = limit
        }

        /// The next line; nil at the end. Throws 400 for a line over the limit, and for one that is not UTF-8.
        nonisolated(nonsending) public mutating func next() async throws -> String? {
            while true {
                if let end = held[searched...].firstIndex(of: 10) {
                    defer { start = end + 1; searched = start }
                    return try line(start..<end)
                }
                if isOver {
                    guard start < held.count else { return nil }
                    defer { start = held.count; searched = start }
                    return try line(start..<held.count)
                }
                guard held.count - start <= limit else { throw tooLong }
                held.removeFirst(start)
                start = 0
                searched = held.count
                if let part = try await parts.next() { held += part } else { isOver = true }
            }
        }

        /// The next line; nil at the end.
        public mutating func next(isolation actor: isolated (any Actor)? = #isolation) async throws -> String? {
            try await next()
        }

        private func line(_ range: Range<Int>) throws -> String {
            var range = range
            if let last = held[range].last, last == 13 { range = range.lowerBound..<(range.upperBound - 1) }
            guard range.count <= limit else { throw tooLong }
            guard let text = String(validating: held[range], as: UTF8.self) else {
                throw APIError.badRequest("The body is not valid UTF-8")
            }
            return text
        }

        private var tooLong: APIError { .badRequest("A line of the body is longer than \(limit) bytes") }
    }
}

extension BodyStream {
    /// The body's lines as text; a line longer than `limit` bytes, 64 KiB unless told otherwise, is a 400.
    public func lines(limit: Int = 64 * 1024) -> BodyLines { BodyLines(body: self, limit: limit) }
}

extension RawSocket {
    /// Receives until so many bytes are there, and takes them.
    public func receive(count: Int, within milliseconds: Int = 10_000) throws(RawSocketFailure) -> [UInt8] {
        while received.count < count {
            guard try receiveMore(milliseconds: milliseconds) else {
                throw .ended(received: String(decoding: received, as: UTF8.self))
            }
        }
        defer { received.removeFirst(count) }
        return Array(received[..<count])
    }

    /// Receives until `mark` has come, and takes all up to its end.
    public func receive(until mark: String, within milliseconds: Int = 10_000) throws(RawSocketFailure)
        -> String
    {
        let mark = Array(mark.utf8)
        while true {
            if let end = end(of: mark) {
                defer { received.removeFirst(end) }
                return String(decoding: received[..<end], as: UTF8.self)
            }
            guard try receiveMore(milliseconds: milliseconds) else {
                throw .ended(received: String(decoding: received, as: UTF8.self))
            }
        }
    }

    /// Receives until the peer closes its side, and takes all of it. `milliseconds`: the longest pause.
    public func receiveToEnd(within milliseconds: Int = 10_000) throws(RawSocketFailure) -> String {
        while try receiveMore(milliseconds: milliseconds) {}
        defer { received = [] }
        return String(decoding: received, as: UTF8.self)
    }

    /// Whether something comes within that time; false when nothing does, true also for the peer's end.
    public func isAnswered(within milliseconds: Int) -> Bool {
        do {
            _ = try receiveMore(milliseconds: milliseconds)
            return true
        } catch {
            return false
        }
    }

    private func end(of mark: [UInt8]) -> Int? {
        guard !mark.isEmpty, received.count >= mark.count else { return nil }
        return received.indices.dropLast(mark.count - 1).first { received[$0...].starts(with: mark) }
            .map { $0 + mark.count }
    }
}

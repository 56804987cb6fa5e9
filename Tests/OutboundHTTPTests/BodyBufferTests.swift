import Testing

@testable import OutboundHTTP

@Suite struct BodyBufferTests {
    private func receive(_ count: Int, _ inbox: inout BodyInbox) -> BodyInbox.Receipt {
        [UInt8](repeating: 1, count: count).withUnsafeBufferPointer { inbox.receive($0) }
    }

    @Test("an inbox keeps what fits, asks for the rest later, and knows its limit")
    func inbox() {
        var inbox = BodyInbox(limit: 100, capacity: 10)
        #expect(receive(8, &inbox) == .kept)
        #expect(receive(8, &inbox) == .kept)
        #expect(receive(8, &inbox) == .later)
        #expect(inbox.isPaused)
        let (bytes, resumes) = inbox.take()
        #expect(bytes.count == 16 && resumes)
        #expect(!inbox.isPaused)
        let (none, resumesAgain) = inbox.take()
        #expect(none.isEmpty && !resumesAgain)
        #expect(receive(84, &inbox) == .kept)
        _ = inbox.take()
        #expect(receive(0, &inbox) == .kept)
        #expect(receive(1, &inbox) == .tooLarge)
    }

    @Test("a length alone makes no memory")
    func expectation() {
        var inbox = BodyInbox(limit: .max, capacity: .max)
        inbox.expect(1 << 50)
        #expect(inbox.take().bytes.capacity <= 2 << 20)
    }

    private func pull(_ count: Int, _ outbox: inout BodyOutbox) -> (BodyOutbox.Pull, [UInt8]) {
        var room = [UInt8](repeating: 0, count: count)
        let pull = room.withUnsafeMutableBytes { outbox.pull(into: $0) }
        return (pull, room)
    }

    @Test("an outbox gives bytes in their order, waits for more, and ends")
    func outbox() throws {
        var outbox = BodyOutbox(length: nil)
        #expect(!outbox.hasBegun)
        #expect(pull(4, &outbox).0 == .later)
        #expect(outbox.hasBegun && outbox.isPaused)
        #expect(try outbox.write([]) == false)
        #expect(outbox.isPaused)
        #expect(try outbox.write([1, 2, 3, 4, 5]) == true)
        #expect(try outbox.write([6]) == false)
        #expect(pull(4, &outbox) == (.bytes(4), [1, 2, 3, 4]))
        #expect(pull(4, &outbox) == (.bytes(2), [5, 6, 0, 0]))
        #expect(try outbox.finish() == false)
        #expect(pull(4, &outbox).0 == .end)
    }

    @Test("an outbox has room until 64 KiB wait")
    func room() throws {
        var outbox = BodyOutbox(length: nil)
        _ = try outbox.write([UInt8](repeating: 0, count: BodyOutbox.capacity - 1))
        #expect(outbox.hasRoom)
        _ = try outbox.write([0])
        #expect(!outbox.hasRoom)
        _ = pull(1, &outbox)
        #expect(outbox.hasRoom)
    }

    @Test("an outbox keeps to the length that was promised")
    func length() throws {
        var outbox = BodyOutbox(length: 3)
        _ = try outbox.write([1, 2])
        #expect(throws: HTTPClientError.self) { try outbox.write([3, 4]) }
        #expect(throws: HTTPClientError.self) { try outbox.finish() }
        _ = try outbox.write([3])
        #expect(throws: Never.self) { try outbox.finish() }
        #expect(throws: HTTPClientError.self) { try outbox.write([4]) }
    }
}

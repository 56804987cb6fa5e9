import CSandbox
import Glibc
import Testing
import WorkerLoop

@Suite("Reading a socket with what is handed over")
struct ReceiveTests {
    /// A pair of sockets for the time of `body`.
    private static func withPair(_ body: (Int32, Int32) throws -> Void) throws {
        var ends: (Int32, Int32) = (-1, -1)
        try #require(swiftlet_socket_pair(&ends.0, &ends.1) == 0)
        defer {
            close(ends.0)
            close(ends.1)
        }
        try body(ends.0, ends.1)
    }

    private static func receive(_ socket: Int32, atMost size: Int = 100) -> (
        text: String, count: Int, descriptor: Int32
    ) {
        var memory = [UInt8](repeating: 0, count: size)
        let found = memory.withUnsafeMutableBytes { WorkerLoop.receive(from: socket, into: $0) }
        return (String(decoding: memory.prefix(max(found.count, 0)), as: UTF8.self), found.count, found.descriptor)
    }

    @Test("a descriptor comes with the first of its bytes, close-on-exec, and names the same file")
    func descriptor() throws {
        try Self.withPair { ours, theirs in
            var pipes: [Int32] = [-1, -1]
            try #require(pipe(&pipes) == 0)
            defer { for end in pipes { close(end) } }
            #expect("hello".withCString { swiftlet_hand_over(ours, $0, 5, pipes[1]) } == 5)
            let first = Self.receive(theirs, atMost: 2)
            #expect(first.text == "he" && first.descriptor >= 0)
            defer { close(first.descriptor) }
            #expect(fcntl(first.descriptor, F_GETFD) == FD_CLOEXEC)
            #expect(write(first.descriptor, "x", 1) == 1)
            var byte: UInt8 = 0
            #expect(read(pipes[0], &byte, 1) == 1 && byte == UInt8(ascii: "x"))
            let rest = Self.receive(theirs)
            #expect(rest.text == "llo" && rest.descriptor == -1)
        }
    }

    @Test("bytes alone, nothing, and the end are told apart")
    func plain() throws {
        try Self.withPair { ours, theirs in
            #expect(Self.receive(theirs).count == -Int(EAGAIN))
            #expect(write(ours, "abc", 3) == 3)
            let found = Self.receive(theirs)
            #expect(found.text == "abc" && found.descriptor == -1)
            shutdown(ours, Int32(SHUT_WR))
            #expect(Self.receive(theirs).count == 0)
        }
    }

    @Test("a socket may take fewer bytes; a descriptor that is none is a failure")
    func failures() throws {
        try Self.withPair { ours, _ in
            let long = [UInt8](repeating: 1, count: 4_000_000)
            let taken = long.withUnsafeBytes { swiftlet_hand_over(ours, $0.baseAddress, $0.count, 1) }
            #expect(taken > 0 && taken < long.count)
        }
        try Self.withPair { ours, _ in
            #expect("a".withCString { swiftlet_hand_over(ours, $0, 1, -1) } == -Int(EBADF))
        }
    }
}

import Glibc
import Testing

@testable import Telemetry

@Suite struct LogWriterTests {
    /// A pipe whose writing end is small.
    func makePipe() throws -> (reader: Int32, writer: Int32) {
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        return (ends[0], ends[1])
    }

    func readAll(_ descriptor: Int32) -> [UInt8] {
        var all: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            guard count > 0 else { return all }
            all += buffer[..<count]
        }
    }

    @Test("lines come out in order, and close writes what waits")
    func order() throws {
        let (reader, writer) = try makePipe()
        let log = LogWriter(descriptor: writer) { Array("dropped \($0)\n".utf8) }
        for number in 0..<100 { log.write(Array("line \(number)\n".utf8)) }
        log.close()
        close(writer)
        let text = String(decoding: readAll(reader), as: UTF8.self)
        close(reader)
        #expect(text == (0..<100).map { "line \($0)\n" }.joined())
    }

    @Test("a reader that reads nothing blocks nobody; what did not fit is counted in a line of its own")
    func slowReader() throws {
        let (reader, writer) = try makePipe()
        let log = LogWriter(descriptor: writer, capacity: 100_000) { Array("dropped \($0)\n".utf8) }
        let line = [UInt8](repeating: 120, count: 999) + [10]
        // The pipe holds 64 KiB and the buffer 100 kB, so of a megabyte most is dropped; writing never blocks.
        for _ in 0..<1000 { log.write(line) }
        let pid = Thread { log.close(within: 10) }
        var text: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while !text.suffix(40).contains(sequence: "dropped ") {
            let count = read(reader, &buffer, buffer.count)
            try #require(count > 0)
            text += buffer[..<count]
        }
        pid.join()
        close(writer)
        text += readAll(reader)
        close(reader)
        let written = text.count { $0 == 120 } / 999
        let words = String(decoding: text, as: UTF8.self)
        let dropped = words.split(separator: "\n").compactMap { line in
            line.hasPrefix("dropped ") ? Int(line.dropFirst(8)) : nil
        }.reduce(0, +)
        #expect(written + dropped == 1000)
        #expect(dropped > 0)
    }

    @Test("a reader that went away ends the writing, not the process")
    func brokenPipe() throws {
        signal(SIGPIPE, SIG_IGN)
        let (reader, writer) = try makePipe()
        close(reader)
        let log = LogWriter(descriptor: writer) { _ in [] }
        for _ in 0..<10 { log.write(Array("line\n".utf8)) }
        log.close()
        // Nobody reads there, so the writes have failed; this process goes on and may find that out itself.
        #expect(write(writer, "x", 1) == -1)
        #expect(errno == EPIPE)
        close(writer)
    }

    /// A thread that can be waited for.
    final class Thread: @unchecked Sendable {  // no lock: the handle is written before anybody reads it
        private var handle = pthread_t()
        private let work: @Sendable () -> Void

        init(_ work: @escaping @Sendable () -> Void) {
            self.work = work
            pthread_create(
                &handle, nil,
                { context in
                    context.map { Unmanaged<Thread>.fromOpaque($0).takeRetainedValue().work() }
                    return nil
                }, Unmanaged.passRetained(self).toOpaque())
        }

        func join() { pthread_join(handle, nil) }
    }
}

extension Collection where Element == UInt8 {
    fileprivate func contains(sequence text: String) -> Bool {
        Array(self).firstRange(of: Array(text.utf8)) != nil
    }
}

import Glibc

/// Where a command's words go: results to standard output, everything else to standard error.
enum Terminal {
    static func output(_ text: String) { write(text, 1) }
    static func error(_ text: String) { write(text, 2) }

    /// Writes bytes as they are to standard output.
    static func output(bytes: [UInt8]) { write(bytes, 1) }

    /// Ends the process.
    static func leave(_ status: Int32) -> Never { Glibc.exit(status) }

    /// Lays rows out in columns, two spaces between.
    static func columns(_ rows: [[String]]) -> String {
        var widths: [Int] = []
        for row in rows {
            for (index, cell) in row.enumerated() {
                if index == widths.count { widths.append(0) }
                widths[index] = max(widths[index], cell.count)
            }
        }
        return rows.map { row in
            row.enumerated().map { index, cell in
                index == row.count - 1 ? cell : cell + String(repeating: " ", count: widths[index] - cell.count + 2)
            }.joined()
        }.joined(separator: "\n")
    }

    private static func write(_ text: String, _ descriptor: Int32) {
        write(Array((text.hasSuffix("\n") ? text : text + "\n").utf8), descriptor)
    }

    private static func write(_ bytes: [UInt8], _ descriptor: Int32) {
        bytes.withUnsafeBytes { bytes in
            var offset = 0
            while offset < bytes.count {
                let written = Glibc.write(descriptor, bytes.baseAddress.map { $0 + offset }, bytes.count - offset)
                if written > 0 {
                    offset += written
                } else if errno == EAGAIN {
                    var ready = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                    poll(&ready, 1, -1)
                } else if errno != EINTR {
                    // A result that nobody gets is no success; there is no other place to complain than standard error.
                    guard descriptor == 1 else { return }
                    error("The result cannot be written: \(String(cString: strerror(errno)))")
                    leave(1)
                }
            }
        }
    }
}

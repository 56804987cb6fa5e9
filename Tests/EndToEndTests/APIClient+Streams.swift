import Foundation

extension APIClient {
    /// Reads until this has come, and takes all up to its end.
    func read(until mark: String) throws {
        let mark = Array(mark.utf8)
        while true {
            if let range = buffer.firstRange(of: mark) {
                buffer.removeSubrange(..<range.upperBound)
                return
            }
            try fill()
        }
    }

    /// Reads one line, and takes it with its end.
    func readLine() throws -> String {
        while true {
            if let end = buffer.firstIndex(of: 10) {
                let line = buffer[..<end]
                buffer.removeSubrange(...end)
                return String(decoding: line.last == 13 ? line.dropLast() : line, as: UTF8.self)
            }
            try fill()
        }
    }

    /// Reads until the connection ends, and takes all of it.
    func readToEnd() throws -> String {
        while try fillOrEnd() {}
        defer { buffer = [] }
        return String(decoding: buffer, as: UTF8.self)
    }

    /// Reads a response to its end without keeping it; how long its body was.
    func readCounting() throws -> Int {
        let head = try readHead()
        guard head.header("transfer-encoding") == "chunked" else {
            let length = Int(head.header("content-length") ?? "") ?? 0
            try skip(length)
            return length
        }
        var total = 0
        while true {
            while buffer.firstIndex(of: 10) == nil { try fill() }
            let end = buffer.firstIndex(of: 10) ?? 0
            let line = String(decoding: buffer[..<end], as: UTF8.self).trimmingCharacters(in: .whitespaces)
            guard let size = Int(line.trimmingCharacters(in: .newlines), radix: 16) else {
                throw TestFailure("no chunk: \(line)")
            }
            buffer.removeSubrange(...end)
            try skip(size + 2)
            if size == 0 { return total }
            total += size
        }
    }

    private func skip(_ count: Int) throws {
        var left = count
        while left > 0 {
            if buffer.isEmpty { try fill() }
            let taken = min(left, buffer.count)
            buffer.removeFirst(taken)
            left -= taken
        }
    }
}

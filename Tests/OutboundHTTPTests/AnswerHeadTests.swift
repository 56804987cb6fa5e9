import Testing

@testable import OutboundHTTP

@Suite struct AnswerHeadTests {
    private func read(_ lines: [String]) -> (AnswerHead, [AnswerHead.Step]) {
        var head = AnswerHead()
        let steps = lines.map { line in
            Array((line + "\r\n").utf8).withUnsafeBufferPointer { head.read($0) }
        }
        return (head, steps)
    }

    @Test("a head has a status, fields and a length; folded lines are one; trailers are passed over")
    func whole() {
        let (head, steps) = read([
            "HTTP/1.1 200 OK", "A:  1 ", "B: x", "  y", "Content-Length: 5", "Content-Length: 5", "",
            "HTTP/1.1 500 No", "C: 1",
        ])
        #expect(steps == [.more, .more, .more, .more, .more, .more, .complete, .more, .more])
        #expect(head.status == 200)
        #expect(head.headers["a"] == "1")
        #expect(head.headers["b"] == "x y")
        #expect(head.headers["c"] == nil)
        #expect(head.length == 5)
    }

    @Test("interim answers are dropped, and end somewhere")
    func interim() {
        let (head, steps) = read(["HTTP/1.1 103 Early", "A: 1", "", "HTTP/2 204", "B: 1", ""])
        #expect(steps.last == .complete)
        #expect(head.status == 204)
        #expect(head.headers["a"] == nil)
        let endless = read((0..<5000).flatMap { _ in ["HTTP/1.1 100 Continue", ""] })
        #expect(endless.1.last == .tooLarge)
    }

    @Test(
        "what is malformed",
        arguments: [
            ["HTTP/1.1"], ["HTTP/1.1 20"], ["HTTP/1.1 099 X"], ["HTTP/1.1 600 X"], ["HTTP/1.1 2000 X"],
            ["HTTP/1.1 +20 X"], ["ICY 200 OK"], [""], ["HTTP/1.1 200 a\rb"], ["HTTP/1.1 200 OK", " folded"],
            ["HTTP/1.1 200 OK", ": empty"], ["HTTP/1.1 200 OK", "a b: 1"], ["HTTP/1.1 200 OK", "a : 1"],
            ["HTTP/1.1 200 OK", "a: b\rc"], ["HTTP/1.1 200 OK", "a"],
            ["HTTP/1.1 200 OK", "Content-Length:", ""], ["HTTP/1.1 200 OK", "Content-Length: +5", ""],
            ["HTTP/1.1 200 OK", "Content-Length: 5, 5", ""],
            ["HTTP/1.1 200 OK", "Content-Length: 99999999999999999999", ""],
            ["HTTP/1.1 200 OK", "Content-Length: 5", "Content-Length: 6", ""],
            ["HTTP/1.1 200 OK", "Transfer-Encoding: chunked", "Content-Length: 5", ""],
            ["HTTP/1.1 101 Switching", ""],
        ])
    func malformed(lines: [String]) {
        #expect(read(lines).1.last == .malformed)
    }
}

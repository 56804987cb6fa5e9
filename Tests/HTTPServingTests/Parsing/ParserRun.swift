import WireProtocol

@testable import HTTPServing

/// What a parser makes of bytes that come in pieces.
struct ParserRun: Equatable {
    var heads: [RequestHead] = []
    var bodies: [[UInt8]] = []
    var ends = 0
    var failure: ParseFailure?

    /// Feeds the pieces one after the other, keeping what is not taken as a connection does.
    init(_ pieces: [[UInt8]], rules: RequestRules = RequestRules()) {
        var parser = RequestParser(rules: rules)
        var kept: [UInt8] = []
        for piece in pieces {
            kept += piece
            var offset = 0
            kept.withUnsafeBytes { bytes in
                while true {
                    switch parser.next(bytes, &offset) {
                    case .needMore: return
                    case .head(let head):
                        heads.append(head)
                        bodies.append([])
                    case .body(let part): bodies[bodies.count - 1] += part
                    case .end: ends += 1
                    case .failed(let failure):
                        self.failure = failure
                        return
                    }
                }
            }
            kept.removeFirst(offset)
        }
    }

    init(_ text: String, rules: RequestRules = RequestRules()) { self.init([Array(text.utf8)], rules: rules) }

    /// The path of the only request, as text.
    var path: String? { heads.first.map { String(decoding: $0.path, as: UTF8.self) } }
}

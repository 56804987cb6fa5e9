import WireProtocol

extension CompressionRule.Request {
    /// Of a request that says nothing of compression.
    static let nothing = CompressionRule.Request(HeaderList())
}

extension CompressionRule {
    /// Compresses an answer whose verdict is `gzip`; one that is kept for others is compressed once for all of them.
    func compress(_ response: inout OutgoingResponse, kept: CachedResponse?, _ encoder: GzipEncoder) {
        if let body = kept?.compressedBody {
            response.body = body
            mark(&response)
        } else if apply(&response, encoder) {
            kept?.keep(compressed: response.body)
        }
    }
}

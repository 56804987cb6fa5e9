import CLibCurl

extension Transfer {
    /// Has libcurl call this transfer, which outlives the handle: the engine holds it until it has freed that.
    func configureCallbacks(_ easy: UnsafeMutableRawPointer) -> [CURLcode] {
        let context = Unmanaged.passUnretained(self).toOpaque()
        var codes = [
            clibcurl_set_header_callback(
                easy,
                { bytes, size, count, context in
                    let count = size &* count
                    guard let transfer = Transfer.from(context) else { return 0 }
                    return transfer.receive(headLine: Transfer.part(bytes, count)) ? count : Transfer.other(than: count)
                }, context),
            clibcurl_set_body_callback(
                easy,
                { bytes, size, count, context in
                    let count = size &* count
                    guard let transfer = Transfer.from(context) else { return 0 }
                    switch transfer.receive(body: Transfer.part(bytes, count)) {
                    case .kept: return count
                    case .later: return clibcurl_receive_later
                    case .tooLarge: return Transfer.other(than: count)
                    }
                }, context),
            clibcurl_set_begin_callback(
                easy,
                { context, _, _, _, _ in
                    Transfer.from(context)?.begin() == true ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
                }, context),
        ]
        if feed != nil {
            codes.append(
                clibcurl_set_read_callback(
                    easy,
                    { bytes, size, count, context in
                        guard let feed = Transfer.from(context)?.feed else { return clibcurl_send_never }
                        let room = UnsafeMutableRawBufferPointer(start: bytes, count: size &* count)
                        switch feed.pull(into: room) {
                        case .bytes(let count): return count
                        case .later: return clibcurl_send_later
                        case .end: return 0
                        }
                    }, context))
        }
        return codes
    }

    private static func from(_ context: UnsafeMutableRawPointer?) -> Transfer? {
        context.map { Unmanaged<Transfer>.fromOpaque($0).takeUnretainedValue() }
    }

    private static func part(
        _ bytes: UnsafeMutablePointer<CChar>?, _ count: Int
    ) -> UnsafeBufferPointer<UInt8> {
        UnsafeRawBufferPointer(start: bytes, count: count).assumingMemoryBound(to: UInt8.self)
    }

    /// Another number than all tells libcurl to give up.
    private static func other(than count: Int) -> Int { count == 0 ? 1 : 0 }
}

import CLibCurl
import WorkerLoop

/// What libcurl waits for, and how it is told.
extension CurlEngine {
    /// Has libcurl say what it waits for.
    func connect(_ multi: UnsafeMutableRawPointer) {
        _ = clibcurl_multi_set_callbacks(
            multi,
            { _, socket, what, context, _ in
                CurlEngine.from(context)?.watch(socket, what)
                return 0
            },
            { _, milliseconds, context in
                CurlEngine.from(context)?.setTimer(milliseconds)
                return 0
            }, Unmanaged.passUnretained(self).toOpaque())
    }

    private static func from(_ context: UnsafeMutableRawPointer?) -> CurlEngine? {
        context.map { Unmanaged<CurlEngine>.fromOpaque($0).takeUnretainedValue() }
    }

    private func watch(_ socket: Int32, _ what: Int32) {
        if what == CURL_POLL_REMOVE {
            watches.removeValue(forKey: socket)?.cancel()
            return
        }
        let reads = what == CURL_POLL_IN || what == CURL_POLL_INOUT
        let writes = what == CURL_POLL_OUT || what == CURL_POLL_INOUT
        if let present = watches[socket] {
            present.setReading(reads)
            present.setWriting(writes)
            return
        }
        var interest: Readiness = []
        if reads { interest.insert(.read) }
        if writes { interest.insert(.write) }
        // Without a watch the transfer ends by its timeout.
        watches[socket] = try? loop.watch(socket, for: interest) { [weak self] in self?.ready(socket, $0) }
    }

    private func ready(_ socket: Int32, _ readiness: Readiness) {
        guard let multi else { return }
        var events: Int32 = 0
        if readiness.contains(.read) || readiness.contains(.hangup) { events |= CURL_CSELECT_IN }
        if readiness.contains(.write) { events |= CURL_CSELECT_OUT }
        if readiness.contains(.error) { events |= CURL_CSELECT_ERR }
        var running: Int32 = 0
        curl_multi_socket_action(multi, socket, events, &running)
        endFinished()
    }

    private func setTimer(_ milliseconds: Int) {
        if let timer { loop.cancel(timer) }
        timer = nil
        guard milliseconds >= 0 else { return }
        timer = loop.schedule(after: .milliseconds(milliseconds)) { [weak self] in self?.timePassed() }
    }

    private func timePassed() {
        timer = nil
        guard let multi else { return }
        var running: Int32 = 0
        // libcurl's CURL_SOCKET_TIMEOUT is a macro that Swift does not see.
        curl_multi_socket_action(multi, -1, 0, &running)
        endFinished()
    }
}

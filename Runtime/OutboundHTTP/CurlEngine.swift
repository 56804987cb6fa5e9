import CLibCurl
import WorkerLoop

/// libcurl's multi handle, driven by the loop: it says which sockets and which time it waits for.
///
/// `@unchecked Sendable`: touched only on the loop's thread, but for its making.
final class CurlEngine: @unchecked Sendable {
    static let connectionsToOneHost = 32
    static let idleConnections = 32

    private static let isPrepared = clibcurl_prepare() == CURLE_OK

    private let loop: WorkerLoop
    private let certificateAuthorities: String?
    private var multi: UnsafeMutableRawPointer?
    private var watches: [Int32: DescriptorWatch] = [:]
    private var timer: LoopTimer?
    private var transfers: [UnsafeMutableRawPointer: Transfer] = [:]

    init(loop: WorkerLoop, certificateAuthorities: String?) throws(HTTPClientError) {
        guard Self.isPrepared, let multi = curl_multi_init() else {
            throw HTTPClientError(.invalidRequest, "libcurl cannot be prepared")
        }
        self.loop = loop
        self.certificateAuthorities = certificateAuthorities
        self.multi = multi
        _ = clibcurl_multi_set_long(multi, CURLMOPT_MAX_HOST_CONNECTIONS, Self.connectionsToOneHost)
        _ = clibcurl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, Self.idleConnections)
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

    // MARK: Transfers

    /// Begins a transfer; its continuation is resumed when it ends.
    func start(_ transfer: Transfer) {
        guard let multi else {
            transfer.finish(.failure(HTTPClientError(.closed, "The client is closed")))
            return
        }
        guard let easy = curl_easy_init() else {
            transfer.finish(.failure(HTTPClientError(.invalidRequest, "No memory for a request")))
            return
        }
        transfer.easy = easy
        transfers[easy] = transfer
        guard transfer.configure(easy, certificateAuthorities: certificateAuthorities),
            curl_multi_add_handle(multi, easy) == CURLM_OK
        else {
            end(transfer, .failure(HTTPClientError(.invalidRequest, "libcurl does not take the request")))
            return
        }
    }

    /// Ends a transfer, and closes its connection; one that has ended already is left as it is.
    func cancel(_ transfer: Transfer) {
        end(transfer, .failure(CancellationError()))
    }

    /// Ends all transfers and closes all connections.
    func close() {
        guard let open = multi else { return }
        for transfer in Array(transfers.values) {
            end(transfer, .failure(HTTPClientError(.closed, "The client is closed")))
        }
        multi = nil
        curl_multi_cleanup(open)
        for watch in watches.values { watch.cancel() }
        watches = [:]
        if let timer { loop.cancel(timer) }
        timer = nil
    }

    private func end(_ transfer: Transfer, _ result: Result<HTTPResponse, any Error>) {
        if let easy = transfer.easy {
            transfer.easy = nil
            transfers[easy] = nil
            if let multi { curl_multi_remove_handle(multi, easy) }
            curl_easy_cleanup(easy)
            for list in transfer.lists { curl_slist_free_all(list) }
            transfer.lists = []
        }
        transfer.finish(result)
    }

    private func endFinished() {
        var code = CURLE_OK
        while let multi, let easy = clibcurl_next_finished(multi, &code) {
            guard let transfer = transfers[easy] else { continue }
            if code == CURLE_OK {
                let response = HTTPResponse(
                    status: clibcurl_status(easy), headers: transfer.headers, body: transfer.body)
                end(transfer, .success(response))
            } else {
                end(transfer, .failure(Self.error(code, transfer)))
            }
        }
    }

    private static func error(_ code: CURLcode, _ transfer: Transfer) -> HTTPClientError {
        let kind: HTTPClientError.Kind =
            switch code {
            case _ where transfer.isTooLarge: .tooLarge
            case CURLE_FILESIZE_EXCEEDED: .tooLarge
            case CURLE_OPERATION_TIMEDOUT: .timedOut
            case CURLE_COULDNT_CONNECT: .connectionFailed
            case CURLE_COULDNT_RESOLVE_HOST: .nameNotResolved
            case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM,
                CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS,
                CURLE_SSL_CIPHER:
                .tlsFailed
            case CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL: .invalidRequest
            default: .brokenOff
            }
        if kind == .tooLarge { return HTTPClientError(kind, "The answer is too large") }
        return HTTPClientError(kind, String(cString: curl_easy_strerror(code)))
    }

    // MARK: What libcurl waits for

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

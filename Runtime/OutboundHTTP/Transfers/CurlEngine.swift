import CLibCurl
import WorkerLoop

/// libcurl's multi handle, driven by the loop: it says which sockets and which time it waits for.
///
/// `@unchecked Sendable`: touched only on the loop's thread, but for its making.
final class CurlEngine: @unchecked Sendable {
    /// What its connections are for.
    enum Kind: Sendable {
        /// Requests and answers that are held whole; HTTP/2 where a server has it, many on one connection.
        case requests
        /// Streams: HTTP/1.1, one on a connection. On a shared connection one slow reader would hold up the others, or
        /// have libcurl keep up to 32 MiB for it; so a slow reader holds up its server alone, by TCP.
        case streams
    }

    private static let isPrepared = clibcurl_prepare() == CURLE_OK

    let kind: Kind
    let configuration: HTTPClientConfiguration
    let loop: WorkerLoop
    var multi: UnsafeMutableRawPointer?
    var watches: [Int32: DescriptorWatch] = [:]
    var timer: LoopTimer?
    private var transfers: [UnsafeMutableRawPointer: Transfer] = [:]
    private var isClosed = false

    init(_ kind: Kind, loop: WorkerLoop, configuration: HTTPClientConfiguration) {
        self.kind = kind
        self.loop = loop
        self.configuration = configuration
    }

    /// How many transfers have a handle of libcurl's.
    var openTransfers: Int { transfers.count }

    /// Begins a transfer; it is told when it ends.
    func start(_ transfer: Transfer) {
        guard !isClosed else {
            transfer.finish(.failure(HTTPClientError(.closed, "The client is closed")))
            return
        }
        guard let multi = openMulti(), let easy = curl_easy_init() else {
            transfer.finish(.failure(HTTPClientError(.connectionFailed, "No memory for a request")))
            return
        }
        transfer.easy = easy
        transfer.engine = self
        transfers[easy] = transfer
        guard transfer.configure(easy, self), curl_multi_add_handle(multi, easy) == CURLM_OK else {
            end(transfer, .failure(HTTPClientError(.invalidRequest, "libcurl does not take the request")))
            return
        }
        transfer.timer = loop.schedule(after: transfer.timeout) { [weak self, weak transfer] in
            guard let self, let transfer else { return }
            transfer.timer = nil
            let isSent = transfer.mayHaveBeenSent
            end(transfer, .failure(HTTPClientError(.timedOut, "The request took too long", mayHaveBeenSent: isSent)))
        }
    }

    /// Ends a transfer, and closes its connection; one that has ended already is left as it is.
    func cancel(_ transfer: Transfer) {
        end(transfer, .failure(CancellationError()))
    }

    /// Ends all transfers and closes all connections, for good.
    func close() {
        isClosed = true
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

    /// Ends a transfer; never from inside one of libcurl's callbacks.
    func end(_ transfer: Transfer, _ result: Result<Void, any Error>) {
        if let timer = transfer.timer { loop.cancel(timer) }
        transfer.timer = nil
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

    func endFinished() {
        var code = CURLE_OK
        while let multi, let easy = clibcurl_next_finished(multi, &code) {
            guard let transfer = transfers[easy] else { continue }
            if code == CURLE_OK && !transfer.head.isComplete {
                // libcurl takes a head that breaks off for one without a body.
                let error = HTTPClientError(.brokenOff, "The answer's head broke off", mayHaveBeenSent: true)
                end(transfer, .failure(error))
            } else {
                end(transfer, code == CURLE_OK ? .success(()) : .failure(Self.error(code, easy, transfer)))
            }
        }
    }

    private func openMulti() -> UnsafeMutableRawPointer? {
        if let multi { return multi }
        guard Self.isPrepared, let multi = curl_multi_init() else { return nil }
        self.multi = multi
        _ = clibcurl_multi_set_long(multi, CURLMOPT_MAX_HOST_CONNECTIONS, configuration.connectionsToOneHost)
        _ = clibcurl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, max(1, configuration.idleConnections))
        connect(multi)
        return multi
    }

    private static func error(
        _ code: CURLcode, _ easy: UnsafeMutableRawPointer, _ transfer: Transfer
    ) -> HTTPClientError {
        if let refusal = transfer.refusal { return refusal }
        let tunnel = clibcurl_tunnel_status(easy)
        let isRefusedByProxy = tunnel != 0 && !(200...299).contains(tunnel)
        let kind: HTTPClientError.Kind =
            switch code {
            case CURLE_OPERATION_TIMEDOUT: .timedOut
            case CURLE_COULDNT_CONNECT: .connectionFailed
            case _ where isRefusedByProxy: .connectionFailed
            case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: .nameNotResolved
            case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM,
                CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS,
                CURLE_SSL_CIPHER:
                .tlsFailed
            case CURLE_URL_MALFORMAT: .invalidRequest
            // The request's own protocol has been checked: what is not supported is the answer's.
            case CURLE_UNSUPPORTED_PROTOCOL, CURLE_WEIRD_SERVER_REPLY, CURLE_BAD_CONTENT_ENCODING: .malformedAnswer
            default: .brokenOff
            }
        return HTTPClientError(
            kind, String(cString: curl_easy_strerror(code)), mayHaveBeenSent: transfer.mayHaveBeenSent)
    }
}

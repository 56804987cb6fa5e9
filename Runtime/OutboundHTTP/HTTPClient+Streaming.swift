import WorkerLoop

extension HTTPClient {
    /// Sends a request and hands its answer over as soon as its head is there; the body is read while it comes.
    ///
    /// The answer's end, and the connection's when not all was read, is the end of `use`. When about 64 KiB wait, no
    /// more is received, so a slow reader slows the server down and no memory fills. The request's `timeout` counts
    /// until the body's last byte, and `maximumBody` holds too: raise both for what is long. Streams speak HTTP/1.1.
    /// Throws as `send` does, and what `use` throws; when the task is cancelled, the transfer ends at once.
    nonisolated(nonsending) public func withResponse<Value>(
        to request: HTTPRequest, _ use: (HTTPStreamedResponse) async throws -> Value
    ) async throws -> Value {
        let (exchange, transfer) = try await open(request)
        let response = HTTPStreamedResponse(
            status: transfer.head.status, headers: transfer.head.headers,
            body: HTTPBodyChunks(transfer: transfer))
        let streams = streams
        let result: Result<Value, any Error>
        do {
            result = .success(
                try await withTaskCancellationHandler {
                    try await use(response)
                } onCancel: {
                    transfer.cancel(on: streams)
                })
        } catch {
            result = .failure(error)
        }
        await end(exchange)
        return try result.get()
    }

    private func open(_ request: HTTPRequest) async throws -> (Exchange, Transfer) {
        if loop.isCurrent { return try await openHere(request) }
        return try await withTaskExecutorPreference(loop.taskExecutor) { try await openHere(request) }
    }

    private func openHere(_ request: HTTPRequest) async throws -> (Exchange, Transfer) {
        let exchange = Exchange(request, delivery: .streamed, client: self)
        do {
            return (exchange, try await exchange.run())
        } catch {
            await exchange.close()
            throw error
        }
    }

    private func end(_ exchange: Exchange) async {
        if loop.isCurrent { return await exchange.close() }
        await withTaskExecutorPreference(loop.taskExecutor) { await exchange.close() }
    }
}

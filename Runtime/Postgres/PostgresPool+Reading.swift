import WorkerLoop

extension PostgresPool {
    /// Runs the closure with one of the read replicas (`PostgresConfiguration.replicaURLs`), each in its turn; without
    /// replicas, or when none can be reached, with this pool itself.
    ///
    /// A replica's sessions refuse changes (25006), the primary's do not. What was just written may not be there yet.
    /// A replica that cannot be reached is left out for 1 s and longer; one that breaks off while the closure runs makes
    /// its statement throw `PostgresError` of kind `connection`, and the closure is not run again. That a replica has
    /// no connection free is no reason to go elsewhere. Throws what the closure throws.
    @discardableResult
    nonisolated(nonsending) public func read<Value>(
        _ body: nonisolated(nonsending) (PostgresPool) async throws -> Value
    ) async throws -> Value {
        try await body(try await readable())
    }

    private func readable() async throws -> PostgresPool {
        if replicas.isEmpty { return self }
        var tried: Set<Int> = []
        while let index = rotation.withLock({ $0.take(except: tried, at: .now) }) {
            tried.insert(index)
            do {
                // What is free is looked at, which costs a system call; else one is opened.
                try await replicas[index].withConnection { _ in }
                rotation.withLock { $0.reached(index) }
                return replicas[index]
            } catch let error as PostgresError where error.kind == .connection {
                rotation.withLock { $0.missed(index, at: .now) }
            }
        }
        return self
    }
}

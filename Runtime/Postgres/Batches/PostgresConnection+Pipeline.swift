import CLibPQ
import WorkerLoop

extension PostgresConnection {
    /// Runs statements one after another, in one round trip if they fit into the socket's buffers.
    ///
    /// Outside of a transaction the statements are one: if one fails, those before it take no effect either and those
    /// behind it are not run. The error says which one it was. Otherwise as `run` of one statement.
    func run(batch: [SQL]) async throws -> [PostgresResult] {
        for (index, sql) in batch.enumerated() {
            do { try sql.check() } catch {
                var error = error
                error.statementIndex = index
                throw error
            }
        }
        return try await run(batch.map { ($0, StatementText($0)) })
    }

    /// The same with statements that were checked; `isRepeat` when they failed already for want of prepared statements, or
    /// for old ones.
    func run(
        _ batch: [(SQL, StatementText)], isRepeat: Bool = false
    ) async throws -> [PostgresResult] {
        if batch.isEmpty { return [] }
        do {
            return try await withHandle { handle in try await pipeline(batch, on: handle) }
        } catch let error as PostgresError where error.isStaleStatement || error.isOutdatedStatement {
            if error.isStaleStatement {
                statements.forgetAll()
            } else {
                // What outdated one of them may have outdated others. The server has undone all of the batch.
                for (_, text) in batch { statements.forget(text.key) }
            }
            // What it committed by itself must not be done twice.
            if isInTransaction || isRepeat || batch.contains(where: { $0.1.endsTransaction }) { throw error }
        }
        return try await run(batch, isRepeat: true)
    }

    /// Runs statements in libpq's pipeline mode, and leaves that mode again. Throws an error of the server only when
    /// the connection is ready for the next statement.
    ///
    /// What comes is read while there is still something to be written, so that neither side waits for the other for
    /// ever, and no more is handed to libpq while it has something to write.
    func pipeline(
        _ batch: [(sql: SQL, text: StatementText)], on handle: OpaquePointer
    ) async throws -> [PostgresResult] {
        guard PQenterPipelineMode(handle) == 1 else { throw connectionError() }
        var progress = PipelineProgress()
        progress.results.reserveCapacity(batch.count)
        var next = 0
        var hasSynced = false
        while true {
            var mustWrite = try hasToWrite(handle)
            while !mustWrite, !hasSynced {
                var queued = 0
                while queued < 64 << 10, next < batch.count, progress.failure == nil {
                    let (sql, text) = batch[next]
                    try queue(sql, text, index: next, &progress, on: handle)
                    queued += text.key.count + sql.values.count + 64
                    next += 1
                }
                if next == batch.count || progress.failure != nil {
                    // The server takes what it got since the last of these as one transaction.
                    guard PQpipelineSync(handle) == 1 else { throw connectionError() }
                    hasSynced = true
                }
                mustWrite = try hasToWrite(handle)
            }
            if try take(&progress, on: handle) { break }
            let ready = try await loop.ready(PQsocket(handle), for: mustWrite ? [.read, .write] : .read)
            if ready != .write, PQconsumeInput(handle) != 1 { throw broken(progress) }
        }
        guard PQexitPipelineMode(handle) == 1 else { throw connectionError() }
        if let failure = progress.failure { throw failure }
        return progress.results
    }

    private func hasToWrite(_ handle: OpaquePointer) throws -> Bool {
        switch PQflush(handle) {
        case 0: return false
        case 1: return true
        default: throw connectionError()
        }
    }

    private func queue(
        _ sql: SQL, _ text: StatementText, index: Int, _ progress: inout PipelineProgress,
        on handle: OpaquePointer
    ) throws {
        guard text.isPreparable, statements.capacity > 0 else {
            try send(sql, text, on: handle)
            progress.steps.append(.init(kind: .run, statement: index))
            return
        }
        let name: StatementName
        var isKnown = false
        switch statements.ask(text.key) {
        case .known(let known):
            name = known
            isKnown = true
        case .unknown(let preparation):
            name = preparation.name
            if preparation.releasesAll {
                let all: SQL = "DEALLOCATE ALL"
                try send(all, StatementText(all), on: handle)
                progress.steps.append(.init(kind: .releaseAll, statement: index))
            }
            for old in preparation.released {
                let one: SQL = "DEALLOCATE \(identifier: old.text)"
                try send(one, StatementText(one), on: handle)
                progress.steps.append(.init(kind: .release(old), statement: index))
            }
            try sendPreparation(of: sql, text, as: name, on: handle)
            progress.steps.append(.init(kind: .prepare(name), statement: index))
        }
        try send(sql, as: name, on: handle)
        progress.steps.append(.init(kind: .run, statement: index, isKnown: isKnown))
    }

    /// Takes what has come so far; whether the end of the pipeline was among it.
    private func take(_ progress: inout PipelineProgress, on handle: OpaquePointer) throws -> Bool {
        while PQisBusy(handle) == 0 {
            guard let raw = PQgetResult(handle) else {
                // Either the end of a step, or there is nothing to wait for until more was sent.
                guard let result = progress.current else {
                    if PQstatus(handle) == CONNECTION_BAD { throw broken(progress) }
                    return false
                }
                progress.current = nil
                settle(result, &progress)
                continue
            }
            let result = PostgresResult(raw)
            if result.isPipelineEnd { return true }
            if result.isCopy { throw PostgresError(.statement, "COPY cannot be run as a query") }
            progress.current = result
            if result.isError, PQstatus(handle) == CONNECTION_BAD { throw broken(progress) }
        }
        return false
    }

    /// What the server said before the connection broke, or what libpq says.
    private func broken(_ progress: PipelineProgress) -> PostgresError {
        guard var error = progress.failure else { return brokenConnection(progress.current) }
        error.kind = .connection
        error.statementIndex = nil
        return error
    }

    private func settle(_ result: PostgresResult, _ progress: inout PipelineProgress) {
        guard let step = progress.nextStep() else { return }
        if result.isError, progress.failure == nil {
            var error = result.error
            error.statementIndex = step.statement
            error.isOutdatedStatement = step.isKnown && error.mayBeOutdated
            progress.failure = error
        }
        switch step.kind {
        case .run: progress.results.append(result)
        case .prepare(let name): if result.isError { statements.failed(name) }
        case .release(let name): if result.isError { statements.kept(name) }
        case .releaseAll: if result.isError { statements.forgetAll() }
        }
    }
}

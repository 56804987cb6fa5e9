import CLinux
import Glibc
import Synchronization

extension WorkerLoop {
    /// The host's numeric addresses, IPv6 and IPv4, in the order in which they should be tried (RFC 6724);
    /// never empty.
    ///
    /// A numeric address is its own answer. Everything else is asked of the system's resolver, which blocks:
    /// on a thread of its own that lives as long as the question. Throws `HostLookupFailure`,
    /// `CancellationError` at once when the task is cancelled (the thread ends when its answer comes), and
    /// `SystemCallFailure` when no thread can be had.
    nonisolated(nonsending) public func resolve(host: String) async throws -> [String] {
        if clinux_is_numeric_address(host) == 1 { return [host] }
        let answer = HostAnswer()
        return try await withTaskCancellationHandler {
            try await withUnsafeThrowingContinuation { (continuation: HostAnswer.Continuation) in
                answer.expect(continuation)
                if Task.isCancelled { answer.deliver(.failure(CancellationError())) }
                do {
                    let thread = try Self.startThread(named: "resolver", stackSize: 512 << 10) {
                        answer.deliver(Self.lookUp(host))
                    }
                    pthread_detach(thread)
                } catch {
                    answer.deliver(.failure(error))
                }
            }
        } onCancel: {
            answer.deliver(.failure(CancellationError()))
        }
    }

    private static func lookUp(_ host: String) -> Result<[String], any Error> {
        let capacity = 8192
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: capacity) { buffer in
            guard let start = buffer.baseAddress else {
                return .failure(HostLookupFailure(host: host, reason: .failed))
            }
            switch clinux_resolve(host, start, capacity) {
            case 0:
                let lines = String(cString: start).split(separator: "\n")
                return .success(lines.map { String($0) })
            case clinux_resolve_not_found:
                return .failure(HostLookupFailure(host: host, reason: .notFound))
            case clinux_resolve_try_again:
                return .failure(HostLookupFailure(host: host, reason: .tryAgain))
            case clinux_resolve_unavailable:
                return .failure(HostLookupFailure(host: host, reason: .unavailable))
            default:
                return .failure(HostLookupFailure(host: host, reason: .failed))
            }
        }
    }
}

/// The first of an answer and a cancellation wins; the other finds nobody waiting.
private final class HostAnswer: Sendable {
    typealias Continuation = UnsafeContinuation<[String], any Error>

    private let waiting = Mutex<Continuation?>(nil)

    func expect(_ continuation: Continuation) {
        waiting.withLock { $0 = continuation }
    }

    func deliver(_ result: Result<[String], any Error>) {
        let continuation = waiting.withLock { waiting in
            defer { waiting = nil }
            return waiting
        }
        continuation?.resume(with: result)
    }
}

import Synchronization
import WireProtocol

@testable import Gateway

/// Remembers what the log would be told.
final class RecordingObserver: RequestObserver {
    struct Failure: Sendable, Equatable {
        let error: APIError
        let requestID: RequestID
        let function: String?
    }
    struct Refusal: Sendable, Equatable {
        let failure: ParseFailure
        let requestID: RequestID
        let client: String
    }
    struct Denial: Sendable, Equatable {
        let reason: String
        let requestID: RequestID
        let function: String?
        let client: String
    }
    private struct State {
        var denials: [Denial] = []
        var records: [AccessRecord] = []
        var failures: [Failure] = []
        var refusals: [Refusal] = []
    }

    private let state = Mutex(State())

    var records: [AccessRecord] { state.withLock { $0.records } }
    var failures: [Failure] { state.withLock { $0.failures } }
    var refusals: [Refusal] { state.withLock { $0.refusals } }

    var denials: [Denial] { state.withLock { $0.denials } }

    func denied(_ reason: String, requestID: RequestID, function: String?, client: String) {
        state.withLock {
            $0.denials.append(Denial(reason: reason, requestID: requestID, function: function, client: client))
        }
    }

    func finished(_ record: borrowing AccessRecord) {
        let copy = copy record
        state.withLock { $0.records.append(copy) }
    }

    func failed(_ error: APIError, requestID: RequestID, function: String?) {
        state.withLock {
            $0.failures.append(Failure(error: error, requestID: requestID, function: function))
        }
    }

    func refused(_ failure: ParseFailure, requestID: RequestID, client: String) {
        state.withLock {
            $0.refusals.append(Refusal(failure: failure, requestID: requestID, client: client))
        }
    }
}

import HTTPServing
import Logging

/// Logs what the front door meets beside requests.
final class FrontDoorLog: HTTPServerObserver {
    private let logger: Logger
    private let refusals: RefusalCounts

    init(_ logger: Logger, refusals: RefusalCounts) {
        self.logger = logger
        self.refusals = refusals
    }

    func acceptingPaused(_ cause: AcceptPause) {
        logger.warning("no connections are accepted for now", metadata: ["reason": "\(cause.rawValue)"])
    }

    func acceptingResumed() { logger.info("connections are accepted again") }

    func responseRefused(_ fault: ResponseFault) {
        refusals.add("response")
        logger.error("a response was not fit to be sent", metadata: ["reason": "\(fault)"])
    }

    func slowReaderReset() {
        refusals.add("slowReader")
        logger.info("a client that read nothing was reset", metadata: ["reason": "slowReader"])
    }
}

import HTTPServing
import WireProtocol

/// What a served fixture saw.
enum ServingEvent: Equatable, Sendable {
    case accepted(String)
    case gathered(Int)
    case part(Int)
    case failed(ParseFailure)
    case refused(ParseFailure)
    case gone
    case closed
    case badResponse(ResponseFault)
    case slowReader
    case paused(AcceptPause)
    case resumed
}

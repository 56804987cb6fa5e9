import WireProtocol

/// A request whose route is known.
struct LocatedRequest {
    /// The route; good for as long as the generation that the exchange holds.
    let route: UnsafePointer<RouteEntry>
    /// Where the path's first segment behind prefix and version begins.
    let start: Int
}

/// What locating a request comes to.
enum Location {
    /// A function is to be called.
    case function(LocatedRequest)
    /// The gateway itself answers: health, or OPTIONS without a route.
    case answer(OutgoingResponse)
    /// The gateway itself answers, with what it made beforehand.
    case kept(CachedResponse)
}

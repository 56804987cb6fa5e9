/// A route: a method and a path with parameters, such as `GET /users/{id}`.
public struct RoutePattern: Sendable, Hashable, CustomStringConvertible {
    /// One part of a path between two slashes.
    public enum Segment: Sendable, Hashable {
        /// Text that must be equal.
        case literal(String)
        /// `{name}`: any text that is not empty.
        case parameter(String)
        /// `{name+}`: the rest of the path, slashes too; only at the end.
        case rest(String)
    }

    /// The method in upper case: GET, POST, PUT, PATCH, DELETE or OPTIONS.
    public var method: String
    /// The path as it is written, without `server.prefix` and version.
    public var path: String
    /// The path after its first slash, cut at every slash: `/users/` is `users` and an empty literal, `/` is
    /// one empty literal.
    public var segments: [Segment]

    /// Makes a route from its parts.
    public init(method: String, path: String, segments: [Segment]) {
        self.method = method
        self.path = path
        self.segments = segments
    }

    /// Parses `METHOD /path/{name}`; nil where a manifest would be refused.
    public init?(_ text: String) {
        guard let route = try? RoutePattern(parsing: text) else { return nil }
        self = route
    }

    /// The route as a manifest writes it.
    public var description: String { "\(method) \(path)" }

    /// The names of its parameters, in the path's order.
    public var parameters: [String] {
        segments.compactMap {
            switch $0 {
            case .literal: nil
            case .parameter(let name), .rest(let name): name
            }
        }
    }

    /// What two routes share that no request can tell apart: the path without its parameters' names.
    var shape: String {
        segments.map {
            switch $0 {
            case .literal(let text): "/" + text
            case .parameter: "/{}"
            case .rest: "/{+}"
            }
        }.joined()
    }
}

/// The addresses of health on the public port; they stand before every prefix and route.
enum HealthPath {
    case services
    case live
    case ready

    init?(_ path: [UInt8]) {
        // The length alone excludes nearly every other path.
        switch path.count {
        case 7, 12, 13: break
        default: return nil
        }
        let found: HealthPath? = path.withUnsafeBytes { path in
            if path.isText("/health") { return .services }
            if path.isText("/health/live") { return .live }
            return path.isText("/health/ready") ? .ready : nil
        }
        guard let found else { return nil }
        self = found
    }

    /// The address as a route, for the log.
    var route: String {
        switch self {
        case .services: "/health"
        case .live: "/health/live"
        case .ready: "/health/ready"
        }
    }
}

import ServiceLifecycle

/// The pools as a service: at the graceful shutdown, when the front door is closed, all workers are ended.
struct WorkersService: Service {
    let gateway: RunningGateway

    func run() async throws {
        try? await gracefulShutdown()
        await gateway.stop(grace: .seconds(2))
    }
}

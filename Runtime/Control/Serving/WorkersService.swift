import ServiceLifecycle

/// The pools as a service: at the graceful shutdown, when the front door is closed, all workers are ended.
struct WorkersService: Service {
    let gateway: RunningGateway
    let patience: Patience

    func run() async throws {
        try? await gracefulShutdown()
        await gateway.stop(grace: patience.grace(.seconds(2)))
    }
}

using Microsoft.Extensions.Logging;

namespace Holoflow.Api;

/// <summary>Lets the web server log where the API logs, warnings and worse.</summary>
sealed class OneLogger(ILogger log) : ILoggerFactory
{
    readonly ILogger _log = new Warnings(log);

    public ILogger CreateLogger(string categoryName) => _log;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("the API logs where its host says");

    public void Dispose()
    {
        // The logger belongs to the host.
    }

    sealed class Warnings(ILogger log) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning && log.IsEnabled(logLevel);

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            // What keeps the server from starting is thrown to the one who starts it, and told there in one line.
            if (IsEnabled(logLevel) && eventId.Name != "HostedServiceStartupFaulted")
                log.Log(logLevel, eventId, state, exception, formatter);
        }
    }
}

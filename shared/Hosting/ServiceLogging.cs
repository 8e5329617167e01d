using Microsoft.Extensions.Logging;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Extensions.Logging;
using Serilog.Formatting.Json;

namespace Holoflow.Hosting;

/// <summary>How a service's own log is written.</summary>
/// <param name="Level">The least level that is written.</param>
/// <param name="Json">One JSON object a line, for machines; else text for people.</param>
public sealed record ServiceLogOptions(LogLevel Level = LogLevel.Information, bool Json = false);

/// <summary>The log of a service: Serilog to standard error, so that standard output stays the command's own.</summary>
public static class ServiceLogging
{
    /// <summary>Makes the factory that every part of a service takes its loggers from. Disposing it flushes.</summary>
    public static ILoggerFactory Create(ServiceLogOptions options)
    {
        var configuration = new LoggerConfiguration()
            .MinimumLevel.Is(LevelConvert.ToSerilogLevel(options.Level))
            .MinimumLevel.Override("Microsoft", LogEventLevel.Warning)
            .MinimumLevel.Override("System", LogEventLevel.Warning)
            .Enrich.FromLogContext();
        Logger logger = options.Json
            ? configuration.WriteTo.Console(new JsonFormatter(renderMessage: true), standardErrorFromLevel: LogEventLevel.Verbose).CreateLogger()
            : configuration.WriteTo.Console(
                standardErrorFromLevel: LogEventLevel.Verbose,
                outputTemplate: "{Timestamp:HH:mm:ss.fff} {Level:u3} {SourceContext}: {Message:lj}{NewLine}{Exception}").CreateLogger();
        return new SerilogLoggerFactory(logger, dispose: true);
    }
}

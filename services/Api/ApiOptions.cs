using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace Holoflow.Api;

/// <summary>How the API is served.</summary>
public sealed record ApiOptions
{
    /// <summary>The address it listens on; beyond loopback every caller needs an API token.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>The port; 0: a free one.</summary>
    public int Port { get; init; } = 4200;

    /// <summary>The certificate, with its key, that HTTPS is served with; null: HTTP.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>Asks for API tokens on loopback as well.</summary>
    public bool RequireTokens { get; init; }

    /// <summary>A file that holds the first API token, of scope admin; written where it is missing. Null: none.</summary>
    public string? AdminTokenFile { get; init; }

    /// <summary>From one look at the store's API tokens to the next where no message told of a change.</summary>
    public TimeSpan TokensLookAgainAfter { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>From one look at the broker's users of enrolled agents to the next.</summary>
    public TimeSpan AgentUsersLookAgainAfter { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Whether callers need API tokens.</summary>
    public bool NeedsTokens => RequireTokens || !IPAddress.IsLoopback(Address);

    /// <summary>Host names that are answered beside 127.0.0.1, ::1 and localhost; where API tokens are needed, any is.</summary>
    public IReadOnlyList<string> AllowedHosts { get; init; } = [];

    /// <summary>Serves the OpenAPI document under <c>/api/openapi.json</c>; costs start-up time.</summary>
    public bool ServeOpenApi { get; init; }

    /// <summary>The directory of the dashboard's built files; where it is not there, the API says how to build it.</summary>
    public string DashboardDirectory { get; init; } = Path.Combine(AppContext.BaseDirectory, "dashboard");

    /// <summary>From a run asked for to the state store's answer; later the caller gets 202.</summary>
    public TimeSpan SubmitTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>From a command sent to the state store's answer; later the caller gets 503.</summary>
    public TimeSpan CommandTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>The longest silence on a stream of events: then a comment is sent.</summary>
    public TimeSpan StreamHeartbeat { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>From a look at a followed run to the next where no message told of news: messages may be lost.</summary>
    public TimeSpan LookAgainAfter { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>A reader of a stream that takes nothing for this long is cut off.</summary>
    public TimeSpan StreamWriteTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Streams at a time; more are answered 503.</summary>
    public int MaxStreams { get; init; } = 4096;

    /// <summary>Change events that are kept for readers that are behind or come back.</summary>
    public int EventBuffer { get; init; } = 8192;
}

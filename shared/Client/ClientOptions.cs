namespace Holoflow.Client;

/// <summary>Where the API is and how patient the client is.</summary>
public sealed record ClientOptions
{
    /// <summary>The server, e.g. <c>http://127.0.0.1:4200</c>; a path in front of <c>/api</c> is kept.</summary>
    public required Uri BaseAddress { get; init; }

    /// <summary>What sends the requests; null: one of the client's own.</summary>
    public HttpMessageHandler? Handler { get; init; }

    /// <summary>The API token; null: none is sent.</summary>
    public string? Token { get; init; }

    /// <summary>How long a request is repeated while the server cannot be reached or answers 503. Zero: never.</summary>
    public TimeSpan RetryFor { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a stream that broke is taken up again while the server cannot be reached.</summary>
    public TimeSpan ReconnectFor { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long one attempt may take until its answer's head is there.</summary>
    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A stream on which nothing came for this long is taken as broken; the server sends a sign of life every 10 s.</summary>
    public TimeSpan StreamSilence { get; init; } = TimeSpan.FromSeconds(35);

    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}

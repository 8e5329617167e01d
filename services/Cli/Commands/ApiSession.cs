using Holoflow.Client;

namespace Holoflow.Cli.Commands;

/// <summary>The REST API for the length of one command, wherever it is.</summary>
sealed class ApiSession : IAsyncDisposable
{
    readonly IAsyncDisposable? _embedded;

    ApiSession(HoloflowClient client, IAsyncDisposable? embedded)
    {
        Client = client;
        _embedded = embedded;
    }

    public HoloflowClient Client { get; }

    /// <summary>The server that the settings name.</summary>
    public static Task<ApiSession> Open(CommandContext context)
    {
        if (ApiAccess.ConfiguredServer(context.Settings) is { } configured)
            return Task.FromResult(new ApiSession(configured, null));
        return Task.FromResult(new ApiSession(new HoloflowClient(ApiAccess.Options(new Uri("http://127.0.0.1:4200"), context.Settings)), null));
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (_embedded is not null)
            await _embedded.DisposeAsync();
    }
}

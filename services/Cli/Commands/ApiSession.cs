using Holoflow.Cli.Commands.Server;
using Holoflow.Client;
using Holoflow.Standalone;

namespace Holoflow.Cli.Commands;

/// <summary>The REST API for the length of one command, wherever it is.</summary>
sealed class ApiSession : IAsyncDisposable
{
    readonly IAsyncDisposable? _embedded;

    ApiSession(HoloflowClient client, IAsyncDisposable? embedded, bool isConfigured = false)
    {
        Client = client;
        IsConfigured = isConfigured;
        _embedded = embedded;
    }

    public HoloflowClient Client { get; }

    /// <summary>True where no server runs: what is asked for is stored, and done when one is started.</summary>
    public bool IsEmbedded => _embedded is not null;

    /// <summary>True for the server that the settings name, which may have another state directory than this one.</summary>
    public bool IsConfigured { get; }

    /// <summary>The server that the settings name; else the one that runs on the state directory; else the API in this process.</summary>
    public static async Task<ApiSession> Open(CommandContext context)
    {
        if (ApiAccess.ConfiguredServer(context.Settings) is { } configured)
            return new ApiSession(configured, null, isConfigured: true);
        if (RunningServer.Find(context.Paths.Home) is { } running)
            return new ApiSession(new HoloflowClient(ApiAccess.Options(new Uri(running.Url), context.Settings)), null);
        var standalone = await Standalone.Standalone.StartAsync(StandaloneOptions.ForOneCommand(context.Paths.Home), context.Cancellation);
        var address = await standalone.ApiStarted ?? throw new InvalidOperationException("the API was not asked for");
        return new ApiSession(new HoloflowClient(ApiAccess.Options(address, context.Settings)), standalone);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (_embedded is not null)
            await _embedded.DisposeAsync();
    }
}

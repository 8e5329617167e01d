using System.Text;
using Holoflow.Cli.Settings;
using Holoflow.Client;

namespace Holoflow.Cli.Commands;

/// <summary>How commands reach the REST API.</summary>
static class ApiAccess
{
    // A command that a person waits for says soon that nobody answers; a restart of the server is bridged.
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    // A follower of a long run outlives a server's upgrade.
    static readonly TimeSpan FollowPatience = TimeSpan.FromHours(24);

    /// <summary>The server that the settings name; null: none is set.</summary>
    public static HoloflowClient? ConfiguredServer(CurrentSettings settings) =>
        settings.Checked(Setting.ApiUrl) is { } url ? new HoloflowClient(Options(new Uri(url), settings)) : null;

    public static ClientOptions Options(Uri address, CurrentSettings settings) =>
        new() { BaseAddress = address, Token = Token(settings), RetryFor = Patience, ReconnectFor = FollowPatience };

    /// <summary>The API token of the settings, itself or from its file, the environment's over the profile's; null: none is set.</summary>
    public static string? Token(CurrentSettings settings)
    {
        var fileGoesOver = settings.IsFromEnvironment(Setting.ApiKeyFile) && !settings.IsFromEnvironment(Setting.ApiKey);
        if (!fileGoesOver && settings.Checked(Setting.ApiKey) is { } key)
            return key;
        if (settings.Checked(Setting.ApiKeyFile) is not { } file)
            return null;
        var token = File.ReadAllText(file, Encoding.UTF8).Trim();
        return token.Length > 0 && token.All(c => c is > ' ' and <= '~')
            ? token
            : throw CommandException.BadInput($"{Setting.ApiKeyFile.Name} {file} holds no API token: one line of printable ASCII is expected");
    }
}

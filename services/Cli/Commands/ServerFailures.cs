using Holoflow.Client;
using Holoflow.RunProtocol;

namespace Holoflow.Cli.Commands;

/// <summary>What a server's refusal or silence means for the one who typed the command.</summary>
static class ServerFailures
{
    const int Unauthorized = 401;
    const int Conflict = 409;

    public static (int ExitCode, string Text) Describe(Exception failure) => failure switch
    {
        ApiUnreachableException e => (ExitCodes.Failed, $"{e.Message}; start a server with 'holoflow server start', or correct {RunEnvironment.ApiUrl} (holoflow config view tells where it is set)"),
        ApiRefusedException { Status: Unauthorized } e => (ExitCodes.BadInput, $"{e.Message}; name the file with your API token: holoflow config set {RunEnvironment.ApiKeyFile}=FILE"),
        ApiRefusedException { Status: Conflict or >= 500 } e => (ExitCodes.Failed, e.Message),
        _ => (ExitCodes.BadInput, failure.Message),
    };
}

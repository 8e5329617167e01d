using Holoflow.Contracts;
using Holoflow.Messaging;
using Microsoft.Extensions.Logging;

namespace Holoflow.Api.Access;

/// <summary>The file of the first API token of an installation: what it holds is made known as a token of scope admin; where it is missing, it is written.</summary>
sealed class AdminTokenFile(string path, IMessageBus bus, TimeProvider time, ILogger log)
{
    const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    const int NameDigits = 8;

    /// <summary>Returns when the state store knows the token, however long that one takes to come up.</summary>
    /// <exception cref="ApiStartException">The file cannot be used.</exception>
    public async Task MakeKnown(CancellationToken cancellation)
    {
        var hash = ApiTokenText.HashOf(ReadOrWrite());
        var define = new DefineApiToken { TokenId = Guid.CreateVersion7(time.GetUtcNow()), Name = $"admin-file-{hash[..NameDigits]}", Hash = hash, Scope = "admin" };
        while (true)
        {
            try
            {
                _ = await bus.Request(define, cancellation);
                return;
            }
            catch (Exception e) when (e is TimeoutException or MessagingException)
            {
                Log.AdminTokenWaits(log, e.Message);
                await Task.Delay(TimeSpan.FromSeconds(1), time, cancellation);
            }
        }
    }

    string ReadOrWrite()
    {
        try
        {
            if (!File.Exists(path))
                Write();
            var text = File.ReadAllText(path).Trim();
            return ApiTokenText.IsPossible(text)
                ? text
                : throw new ApiStartException($"HOLOFLOW_ADMIN_TOKEN_FILE: '{path}' holds no API token: one line of 32 to 200 printable characters is expected; remove it, and one is made");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new ApiStartException($"HOLOFLOW_ADMIN_TOKEN_FILE: '{path}' can be neither read nor written: {e.Message}", e);
        }
    }

    void Write()
    {
        using var file = new FileStream(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly });
        file.Write(System.Text.Encoding.ASCII.GetBytes(ApiTokenText.New() + "\n"));
        Log.AdminTokenWritten(log, path);
    }
}

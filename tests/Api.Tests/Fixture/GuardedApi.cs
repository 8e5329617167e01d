using System.Net.Http.Headers;
using System.Text;
using Holoflow.Api.Access;
using Holoflow.ApiModel.Tokens;
using Holoflow.Client;
using Holoflow.Contracts;

namespace Holoflow.Api.Tests.Fixture;

/// <summary>The API as it is where others reach it: it asks everybody for an API token.</summary>
sealed class GuardedApi : IAsyncDisposable
{
    readonly string _folder;

    GuardedApi(RunningApi api, string folder, string adminToken)
    {
        (Api, _folder, AdminToken) = (api, folder, adminToken);
    }

    public RunningApi Api { get; }

    public string AdminToken { get; }

    public HoloflowClient Admin => Api.Client;

    public static async Task<GuardedApi> Start(ApiOptions? options = null)
    {
        var folder = Directory.CreateTempSubdirectory("holoflow-guarded-").FullName;
        var file = Path.Combine(folder, "admin-token");
        var api = await RunningApi.Start((options ?? new ApiOptions()) with { RequireTokens = true, AdminTokenFile = file });
        return new GuardedApi(api, folder, (await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).Trim());
    }

    /// <summary>A token of a scope.</summary>
    public async Task<ApiTokenCreated> Token(TokenScope scope, string? name = null) =>
        await Admin.Tokens.Create(new CreateApiToken { Name = name ?? $"{scope}-{Guid.CreateVersion7():N}", Scope = scope }, TestContext.Current.CancellationToken);

    /// <summary>A token of scope admin whose time is over.</summary>
    public async Task<string> ExpiredToken()
    {
        var token = ApiTokenText.New();
        var define = new DefineApiToken { TokenId = Guid.CreateVersion7(), Name = "over", Hash = ApiTokenText.HashOf(token), Scope = "admin", ExpiresAt = TimeProvider.System.GetUtcNow().AddSeconds(-1) };
        Assert.Equal(CommandOutcome.Accepted, (await Api.Bus.Request(define, TestContext.Current.CancellationToken)).Outcome);
        await LookAgain();
        return token;
    }

    /// <summary>Has the server read the tokens again, as it does for each that is made through it: of one that is made past it a message tells, at some time.</summary>
    public async Task LookAgain() => _ = await Token(TokenScope.Read);

    /// <summary>Sends a request; returns when the answer's head is there, for streams have no end.</summary>
    public async Task<HttpResponseMessage> Send(string method, string path, string? token, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        if (method is not ("GET" or "DELETE"))
            request.Content = new StringContent("{}", Encoding.UTF8, "application/json");
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        foreach (var (name, value) in headers)
            _ = request.Headers.TryAddWithoutValidation(name, value);
        return await Api.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await Api.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}

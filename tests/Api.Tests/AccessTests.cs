using System.Net;
using System.Net.NetworkInformation;
using Holoflow.Api.Access;
using Holoflow.Api.Tests.Fixture;
using Holoflow.ApiModel.Tokens;
using Holoflow.Client;
using Microsoft.AspNetCore.Routing;

namespace Holoflow.Api.Tests;

/// <summary>Who is let in: on every route and stream of the routing table, and on what is no route.</summary>
public sealed class AccessTests
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_route_and_stream_turns_away_who_has_no_valid_token_of_enough_scope()
    {
        await using var guarded = await GuardedApi.Start(new ApiOptions { ServeOpenApi = true });
        var expired = await guarded.ExpiredToken();
        var revoked = await guarded.Token(TokenScope.Admin);
        await guarded.Admin.Tokens.Revoke(revoked.Id, Cancellation);
        var tokens = new Dictionary<TokenScope, string>();
        foreach (var scope in Enum.GetValues<TokenScope>())
            tokens[scope] = (await guarded.Token(scope)).Token;
        var open = new List<string>();
        foreach (var route in guarded.Api.Host.Routes)
        {
            var method = route.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods.Single();
            var path = RoutePaths.Fill(route.RoutePattern);
            if (route.Metadata.GetMetadata<RouteAccess>() is not { Scope: { } needed })
            {
                open.Add($"{method} {path}");
                continue;
            }

            foreach (var (token, says) in ((string?, string)[])[(null, "is needed"), (ApiTokenText.New(), "is not known"), ("short", "no API token"), (expired, "has expired"), (revoked.Token, "was revoked")])
            {
                using var refused = await guarded.Send(method, path, token);
                Assert.Contains(says, (await refused.Problem(HttpStatusCode.Unauthorized)).GetProperty("detail").GetString(), StringComparison.Ordinal);
                Assert.Equal("Bearer", refused.Headers.WwwAuthenticate.Single().Scheme);
            }

            foreach (var (scope, token) in tokens)
            {
                // A code is used up where it is taken.
                using var answer = await guarded.Send(method, path, scope == TokenScope.Enroll ? (await guarded.Token(scope, $"node-{Guid.CreateVersion7():N}")).Token : token);
                if (scope < needed)
                    _ = await answer.Problem(HttpStatusCode.Forbidden);
                else
                    Assert.True(answer.StatusCode is not (HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden), $"{method} {path} as {scope}: {answer.StatusCode}");
            }
        }

        Assert.Equal(["GET /healthz", "GET /readyz"], open);
    }

    [Theory]
    [InlineData("GET", "/api/nothing")]
    [InlineData("GET", "/api/flow-runs/")]
    [InlineData("GET", "/api/flow-runs;/healthz")]
    [InlineData("GET", "/healthz/../api/flow-runs")]
    [InlineData("GET", "/healthz%2f..%2fapi/flow-runs")]
    [InlineData("GET", "//api/flow-runs")]
    [InlineData("GET", "/API/FLOW-RUNS")]
    [InlineData("HEAD", "/api/flow-runs")]
    [InlineData("OPTIONS", "/api/flow-runs")]
    [InlineData("TRACE", "/api/flow-runs")]
    [InlineData("PUT", "/api/flow-runs")]
    [InlineData("PURGE", "/healthz")]
    public async Task What_is_no_route_is_closed_as_well(string method, string path)
    {
        await using var guarded = await GuardedApi.Start();
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(guarded.Api.Host.Address.GetLeftPart(UriPartial.Authority) + path, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        using var response = await guarded.Api.Http.SendAsync(request, Cancellation);
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task A_token_counts_in_its_header_alone_and_once()
    {
        await using var guarded = await GuardedApi.Start();
        var admin = guarded.AdminToken;
        foreach (var (path, headers) in ((string, (string, string)[])[])
        [
            ($"/api/flow-runs?token={admin}", []), ($"/api/flow-runs?access_token={admin}", []), ("/api/flow-runs", [("Cookie", $"token={admin}")]), ("/api/flow-runs", [("X-Api-Key", admin)]),
            ("/api/flow-runs", [("Authorization", $"Basic {admin}")]), ("/api/flow-runs", [("Authorization", admin)]), ("/api/flow-runs", [("Authorization", $"Bearer {admin[..^1]}")]),
            ("/api/flow-runs", [("Authorization", $"Bearer {admin}x")]), ("/api/flow-runs", [("Authorization", $"Bearer {admin.ToUpperInvariant()}")]),
        ])
        {
            using var refused = await guarded.Send("GET", path, null, headers);
            Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        }

        using var taken = await guarded.Send("GET", "/api/flow-runs", admin);
        Assert.Equal(HttpStatusCode.OK, taken.StatusCode);
    }

    [Theory]
    [InlineData("/api/events")]
    [InlineData("/api/flow-runs/{run}/follow")]
    [InlineData("/api/flow-runs/{run}/logs/follow")]
    [InlineData("/api/bus/subscriptions/0198c0de-0000-7000-8000-000000000000?s=run-control|%23|")]
    public async Task A_stream_ends_when_its_token_is_revoked(string stream)
    {
        await using var guarded = await GuardedApi.Start();
        var run = await PlayedRun.Start(guarded.Api);
        var token = await guarded.Token(TokenScope.Agent);
        using var response = await guarded.Send("GET", stream.Replace("{run}", run.Id.ToString(), StringComparison.Ordinal), token.Token);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        await using var body = await response.Content.ReadAsStreamAsync(Cancellation);
        Assert.True(await body.ReadAsync(new byte[1], Cancellation) > 0);

        await guarded.Admin.Tokens.Revoke(token.Id, Cancellation);

        await body.CopyToAsync(Stream.Null, Cancellation);
        using var again = await guarded.Send("GET", "/api/events", token.Token);
        _ = await again.Problem(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_stream_ends_when_its_token_expires()
    {
        await using var guarded = await GuardedApi.Start(new ApiOptions { TokensLookAgainAfter = TimeSpan.FromMilliseconds(100) });
        // On a machine with much to do a short life is over before the stream is open: then a longer one is tried.
        for (var life = 2; ; life *= 2)
        {
            var token = await guarded.Admin.Tokens.Create(
                new CreateApiToken { Name = $"brief {life}", Scope = TokenScope.Read, ExpiresAt = TimeProvider.System.GetUtcNow().AddSeconds(life) }, Cancellation);
            using var response = await guarded.Send("GET", "/api/events", token.Token);
            if (response.StatusCode == HttpStatusCode.Unauthorized)
                continue;
            await using var body = await response.Content.ReadAsStreamAsync(Cancellation);
            await body.CopyToAsync(Stream.Null, Cancellation);
            Assert.True(TimeProvider.System.GetUtcNow() >= token.ExpiresAt);
            return;
        }
    }

    [Fact]
    public async Task A_token_that_another_server_made_is_taken_and_one_that_it_revoked_is_not()
    {
        await using var guarded = await GuardedApi.Start();
        await using var other = await guarded.Api.StartAnother(new ApiOptions { RequireTokens = true });
        using var there = new HoloflowClient(new ClientOptions { BaseAddress = other.Address, Token = guarded.AdminToken });
        var token = await there.Tokens.Create(new CreateApiToken { Name = "from there", Scope = TokenScope.Read }, Cancellation);
        using var here = new HoloflowClient(new ClientOptions { BaseAddress = guarded.Api.Host.Address, Token = token.Token });
        Assert.Equal(TokenScope.Read, await Taken());
        await there.Tokens.Revoke(token.Id, Cancellation);
        await Assert.ThrowsAsync<ApiRefusedException>(async () =>
        {
            // Told by a message: the refusal comes soon, not at once.
            while (true)
                _ = await here.Server.Status(Cancellation);
        });

        // Told by a message as well: until it has come, the token is not known.
        async Task<TokenScope?> Taken()
        {
            while (true)
            {
                try
                {
                    return (await here.Server.Status(Cancellation)).Scope;
                }
                catch (ApiRefusedException e) when (e.Message.Contains("is not known", StringComparison.Ordinal))
                {
                    await Task.Yield();
                }
            }
        }
    }

    [Fact]
    public async Task Of_a_token_only_its_hash_is_kept_and_it_is_shown_once()
    {
        await using var guarded = await GuardedApi.Start();
        var token = await guarded.Token(TokenScope.Run, "shown once");
        using var list = await guarded.Send("GET", "/api/tokens", guarded.AdminToken);
        var text = await list.Content.ReadAsStringAsync(Cancellation);
        Assert.Contains("shown once", text, StringComparison.Ordinal);
        Assert.DoesNotContain(token.Token, text, StringComparison.Ordinal);
        Assert.DoesNotContain(ApiTokenText.HashOf(token.Token), text, StringComparison.Ordinal);
        foreach (var file in Directory.EnumerateFiles(guarded.Api.Folder, "holoflow.db*"))
        {
            await using var bytes = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            using var reader = new StreamReader(bytes, System.Text.Encoding.Latin1);
            var content = await reader.ReadToEndAsync(Cancellation);
            Assert.DoesNotContain(token.Token, content, StringComparison.Ordinal);
            Assert.DoesNotContain(guarded.AdminToken, content, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("""{"name":"","scope":"Read"}""", "name")]
    [InlineData("""{"name":"a/b","scope":"Read"}""", "name")]
    [InlineData("""{"name":"a","scope":"Root"}""", "scope")]
    [InlineData("""{"name":"a"}""", "scope")]
    [InlineData("""{"name":"a","scope":"Read","expiresAt":"2020-01-01T00:00:00Z"}""", "expiresAt")]
    [InlineData("""{"name":"a","scope":"Read","token":"x"}""", "token")]
    public async Task A_token_that_makes_no_sense_is_refused_by_its_field(string json, string field)
    {
        await using var api = await RunningApi.Start();
        using var response = await api.Post("/api/tokens", json);
        Assert.Equal([field], await response.WrongFields());
    }

    [Fact]
    public async Task Two_valid_tokens_do_not_share_a_name()
    {
        await using var guarded = await GuardedApi.Start();
        var first = await guarded.Token(TokenScope.Read, "nightly");
        var refused = await Assert.ThrowsAsync<ApiRefusedException>(() => guarded.Token(TokenScope.Read, "nightly"));
        Assert.Contains("'nightly' already", refused.Message, StringComparison.Ordinal);
        await guarded.Admin.Tokens.Revoke(first.Id, Cancellation);
        Assert.NotEqual(first.Token, (await guarded.Token(TokenScope.Read, "nightly")).Token);
    }

    [Fact]
    public async Task The_first_token_is_in_a_file_for_its_owner_alone_and_stays_the_same()
    {
        await using var api = await RunningApi.Start();
        var file = Path.Combine(api.Folder, "admin");
        var options = new ApiOptions { RequireTokens = true, AdminTokenFile = file };
        await using (await api.StartAnother(options))
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        var token = (await File.ReadAllTextAsync(file, Cancellation)).Trim();
        await using var restarted = await api.StartAnother(options);
        using var client = new HoloflowClient(new ClientOptions { BaseAddress = restarted.Address, Token = token });
        Assert.Equal(TokenScope.Admin, (await client.Server.Status(Cancellation)).Scope);
        Assert.Single(await client.Tokens.List(Cancellation));
    }

    [Theory]
    [InlineData("", "holds no API token")]
    [InlineData("short", "holds no API token")]
    [InlineData("with spaces in it, however long it may be", "holds no API token")]
    public async Task A_file_that_holds_no_token_is_named(string content, string says)
    {
        await using var api = await RunningApi.Start();
        var file = Path.Combine(api.Folder, "admin");
        await File.WriteAllTextAsync(file, content, Cancellation);
        var refused = await Assert.ThrowsAsync<ApiStartException>(() => api.StartAnother(new ApiOptions { RequireTokens = true, AdminTokenFile = file }));
        Assert.Contains(file, refused.Message, StringComparison.Ordinal);
        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("::")]
    public async Task Beyond_loopback_it_listens_only_where_it_is_told_to_and_never_without_tokens(string address)
    {
        await using var api = await RunningApi.Start();
        var options = new ApiOptions { Address = IPAddress.Parse(address) };
        var refused = await Assert.ThrowsAsync<ApiStartException>(() => api.StartAnother(options));
        Assert.Contains("holoflow token create", refused.Message, StringComparison.Ordinal);
        Assert.Contains("HOLOFLOW_ADMIN_TOKEN_FILE", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);

        var log = new CapturedLog();
        await using var open = new ApiHost(new ApiServices(api.Bus, api.Database, TimeProvider.System, log), options with { Port = 0, AdminTokenFile = Path.Combine(api.Folder, "admin") });
        await open.StartAsync(Cancellation);
        // What it says is where others reach it, not where this test does.
        Assert.Contains(log.Lines, line => line.Contains($"API on http://{(address == "::" ? "[::]" : address)}:{open.Address.Port}", StringComparison.Ordinal));
        var listener = Assert.Single(IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners(), l => l.Port == open.Address.Port);
        Assert.Equal(IPAddress.Parse(address), listener.Address);
        using var http = new HttpClient { BaseAddress = open.Address };
        using var without = await http.GetAsync("api/flow-runs", Cancellation);
        Assert.Equal(HttpStatusCode.Unauthorized, without.StatusCode);
    }

    [Fact]
    public async Task A_host_name_of_any_kind_is_answered_where_tokens_are_asked_for()
    {
        await using var guarded = await GuardedApi.Start();
        using var response = await guarded.Send("GET", "/api/flow-runs", guarded.AdminToken, ("Host", "holoflow.observatory.example"));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }
}

using System.Net;
using Holoflow.Api.Tests.Fixture;
using Holoflow.ApiModel.Notifications;
using Holoflow.Client;

namespace Holoflow.Api.Tests;

/// <summary>Rules by which people and systems are told, over REST.</summary>
public sealed class NotificationTests
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    static NotificationDefinition Chat => new() { States = ["Failed", "Crashed"], Target = NotificationTarget.Webhook, Address = "https://chat.example.org/hooks/the-canary", Secret = "chat", LongerThanSeconds = null, Tags = ["night"] };

    [Fact]
    public async Task A_rule_is_made_changed_shown_without_its_secrets_tried_and_removed()
    {
        await using var api = await RunningApi.Start();
        Assert.True((await api.Client.Notifications.Put("chat", Chat, Cancellation)).Changed);
        Assert.Equal(2, (await api.Client.Notifications.Put("chat", Chat with { Active = false }, Cancellation)).Version);
        using var shown = await api.Get("/api/notifications");
        var text = await shown.Content.ReadAsStringAsync(Cancellation);
        Assert.DoesNotContain("canary", text, StringComparison.Ordinal);
        var rule = Assert.Single(await api.Client.Notifications.List(Cancellation));
        Assert.Equal(("chat", "https://chat.example.org/…", "chat", false, 2L), (rule.Name, rule.Address, rule.Secret, rule.Active, rule.Revision));
        Assert.Equal(["Failed", "Crashed"], (await api.Client.Notifications.Get("chat", Cancellation)).States);

        var trials = new List<Guid>();
        for (var i = 0; i < 3; i++)
            trials.Add((await api.Client.Notifications.Test("chat", Cancellation)).Id!.Value);
        using var page = await api.Get("/api/notifications/chat/deliveries?limit=2");
        Assert.Equal(2, (await page.Json()).GetProperty("items").GetArrayLength());
        var all = new List<NotificationDelivery>();
        await foreach (var delivery in api.Client.Notifications.Deliveries("chat", Cancellation))
            all.Add(delivery);
        Assert.Equal(trials.Order(), all.Select(d => d.Id).Order());
        Assert.All(all, d => Assert.Equal(("Waiting", 0, (Guid?)null), (d.State, d.Attempts, d.RunId)));

        Assert.True((await api.Client.Notifications.Delete("chat", Cancellation)).Changed);
        Assert.Empty(await api.Client.Notifications.List(Cancellation));
        Assert.Equal(404, (await Assert.ThrowsAsync<ApiRefusedException>(() => api.Client.Notifications.Get("chat", Cancellation))).Status);
    }

    [Theory]
    [InlineData("""{"states": ["Broken"], "target": "Webhook", "address": "https://example.org"}""", "states", 422)]
    [InlineData("""{"states": ["Failed"], "target": "Pigeon", "address": "x"}""", "target", 400)]
    [InlineData("""{"states": ["Failed"], "target": "Webhook", "address": "ftp://example.org"}""", "address", 422)]
    [InlineData("""{"states": ["Failed"], "target": "Email", "address": "nobody"}""", "address", 422)]
    [InlineData("""{"states": ["Failed"], "target": "Webhook", "address": "https://example.org", "longerThanSeconds": 5}""", "longerThanSeconds", 422)]
    [InlineData("""{"states": ["Failed"], "target": "Webhook", "address": "https://example.org", "password": "x"}""", "password", 400)]
    public async Task What_makes_no_sense_is_refused_by_its_field(string json, string field, int status)
    {
        await using var api = await RunningApi.Start();
        using var refused = await api.Send(HttpMethod.Put, "/api/notifications/n", json);
        Assert.Equal([field], (await refused.Problem((HttpStatusCode)status)).GetProperty("errors").EnumerateObject().Select(e => e.Name));
        using var none = await api.Get("/api/notifications/n/deliveries");
        _ = await none.Problem(HttpStatusCode.NotFound);
    }
}

using System.Net.Http.Json;

namespace Holoflow.Servers;

/// <summary>A broker's management, as its administrator.</summary>
public static class Management
{
    /// <summary>Waits until it answers: it comes up after the broker.</summary>
    public static async Task Answers(HttpClient http)
    {
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (true)
        {
            try
            {
                using var response = await http.GetAsync(new Uri("api/whoami", UriKind.Relative));
                if (response.IsSuccessStatusCode)
                    return;
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }

            _ = await tick.WaitForNextTickAsync();
        }
    }

    /// <summary>Makes a user that may do nothing with queues.</summary>
    public static async Task PutUser(HttpClient http, string name, string password, string tags)
    {
        using var response = await http.PutAsJsonAsync(new Uri($"api/users/{name}", UriKind.Relative), new { password, tags });
        _ = response.EnsureSuccessStatusCode();
    }
}

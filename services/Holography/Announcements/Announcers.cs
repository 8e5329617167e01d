namespace Holoflow.HolographyFlow.Announcements;

/// <summary>Chooses who is told by how the target is written: a web address takes events by HTTP, anything else is a file.</summary>
static class Announcers
{
    public static IAnnouncer To(string target) => IsWebAddress(target, out var address) ? new HttpAnnouncer(address) : new JsonLinesAnnouncer(target);

    public static bool IsWebAddress(string target, out Uri address) =>
        Uri.TryCreate(target, UriKind.Absolute, out address!) && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps);
}

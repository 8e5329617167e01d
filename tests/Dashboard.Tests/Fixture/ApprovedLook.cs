using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.Playwright;

namespace Holoflow.Dashboard.Tests.Fixture;

/// <summary>
/// Compares what a page looks like with what was approved, as somebody would who steps back: both are shrunk to blocks, so that the edges of
/// letters count for nothing and a part that is missing, moved or of another colour counts.
/// </summary>
static class ApprovedLook
{
    const int Block = 8;

    /// <summary>A block differs where its mean colour is this far off, of 255.</summary>
    const int Tolerance = 34;

    /// <summary>The part of the blocks that may differ.</summary>
    const double Allowed = 0.04;

    const string Compare = """
        async ([approved, received, block, tolerance]) => {
          const blocks = async (data) => {
            const image = await createImageBitmap(await (await fetch(data)).blob());
            const canvas = new OffscreenCanvas(Math.ceil(image.width / block), Math.ceil(image.height / block));
            const context = canvas.getContext('2d');
            context.imageSmoothingQuality = 'high';
            context.drawImage(image, 0, 0, canvas.width, canvas.height);
            return { width: canvas.width, height: canvas.height, data: context.getImageData(0, 0, canvas.width, canvas.height).data };
          };
          const [a, b] = [await blocks(approved), await blocks(received)];
          if (a.width !== b.width || a.height !== b.height) return -1;
          let off = 0;
          for (let i = 0; i < a.data.length; i += 4)
            if (Math.abs(a.data[i] - b.data[i]) > tolerance || Math.abs(a.data[i + 1] - b.data[i + 1]) > tolerance || Math.abs(a.data[i + 2] - b.data[i + 2]) > tolerance) off++;
          return off / (a.data.length / 4);
        }
        """;

    /// <summary>What is wrong; null: it looks as approved.</summary>
    public static async Task<string?> Difference(Browser browser, IPage page, string name)
    {
        var received = await page.ScreenshotAsync(new PageScreenshotOptions { Type = ScreenshotType.Png, Animations = ScreenshotAnimations.Disabled });
        var approvedFile = Path.Combine(Folder(), $"{name}.approved.png");
        var receivedFile = Path.Combine(Folder(), $"{name}.received.png");
        if (!File.Exists(approvedFile))
        {
            await File.WriteAllBytesAsync(receivedFile, received, TestContext.Current.CancellationToken);
            return $"{name} has no approved picture: look at {receivedFile}, and give it the name {approvedFile} if it is right";
        }

        var off = await browser.Judge<double>(Compare, new object[] { Data(await File.ReadAllBytesAsync(approvedFile, TestContext.Current.CancellationToken)), Data(received), Block, Tolerance });
        if (off is >= 0 and <= Allowed)
            return null;
        await File.WriteAllBytesAsync(receivedFile, received, TestContext.Current.CancellationToken);
        return off < 0
            ? $"{name} has another size than the approved picture: see {receivedFile}"
            : string.Create(CultureInfo.InvariantCulture, $"{name} differs from the approved picture in {off:P1} of its blocks, {Allowed:P0} are allowed: see {receivedFile}");
    }

    static string Data(byte[] png) => $"data:image/png;base64,{Convert.ToBase64String(png)}";

    static string Folder([CallerFilePath] string file = "") => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, "../Approved"));
}

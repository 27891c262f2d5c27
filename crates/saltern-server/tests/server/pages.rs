//! The console: files for anybody, a page for every path that a browser asks for, problems for everybody else.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use axum::response::Response;
use tower::ServiceExt;

use super::hall::{Hall, run};

async fn get(hall: &Hall, path: &str, headers: &[(header::HeaderName, &str)]) -> Response {
    let mut request = Request::get(path);
    for (name, value) in headers {
        request = request.header(name, *value);
    }
    let request = request.body(Body::empty()).expect("a request");
    hall.router
        .clone()
        .oneshot(request)
        .await
        .expect("an answer")
}

async fn text(response: Response) -> String {
    let bytes = axum::body::to_bytes(response.into_body(), usize::MAX).await;
    String::from_utf8_lossy(&bytes.expect("a body")).into_owned()
}

const PAGE: (header::HeaderName, &str) = (header::ACCEPT, "text/html,*/*");

#[test]
fn a_browser_gets_the_console_wherever_it_looks() {
    run(async {
        let hall = Hall::open().await;
        for path in ["/", "/alarms", "/pond/c1"] {
            let page = get(&hall, path, &[PAGE]).await;
            assert_eq!(page.status(), StatusCode::OK, "{path}");
            assert_eq!(page.headers()[header::CACHE_CONTROL], "no-cache");
            let policy = page.headers()[header::CONTENT_SECURITY_POLICY].to_str();
            assert!(policy.expect("text").contains("frame-ancestors 'none'"));
            assert!(text(page).await.contains("console"), "{path}");
        }
        // What is no page is not there, and programs are told so in the one form.
        for (path, headers) in [
            ("/api/none", vec![PAGE]),
            ("/assets/gone.js", vec![PAGE]),
            ("/alarms", vec![]),
        ] {
            let nothing = get(&hall, path, &headers).await;
            assert_eq!(nothing.status(), StatusCode::NOT_FOUND, "{path}");
            assert!(text(nothing).await.contains("route.unknown"), "{path}");
        }
    });
}

#[test]
fn files_are_kept_for_ever_and_come_compressed_to_whom_takes_it() {
    run(async {
        let hall = Hall::open().await;
        let path = "/assets/main-1a2b.js";
        let plain = get(&hall, path, &[]).await;
        let kept = plain.headers()[header::CACHE_CONTROL]
            .to_str()
            .expect("text");
        assert!(kept.contains("immutable"), "{kept}");
        assert!(plain.headers().get(header::CONTENT_ENCODING).is_none());
        assert_eq!(text(plain).await, "say('plain')");
        let taken = [(header::ACCEPT_ENCODING, "gzip, br")];
        let packed = get(&hall, path, &taken).await;
        assert_eq!(packed.headers()[header::CONTENT_ENCODING], "gzip");
        assert_eq!(text(packed).await, "not really gzip");
    });
}
